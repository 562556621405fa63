"""Patterns that know page furniture: what a web page prints around and between the paragraphs.

A pattern must fit a whole line. A line that opens with a quotation mark is never furniture, nor is
one longer than `LONGEST`. What could also begin a sentence (“Following the latest …”, “Paid by …”)
is furniture only without a full stop, or together with words that no sentence has.
"""

import re
from functools import cache
from typing import NamedTuple

LONGEST = 300
QUOTES = "“\"‘'«„"
EDGES = " \t\u00a0\u200b*•·|>»›→▶►▼+_=~#–—-"  # marks that decorate a line
BRACKETS = ("[]", "()")
ROW = re.compile(r"\s+[·•|›»]\s+")

NETWORK = (
    r"(?:facebook|twitter|x|instagram|telegram|whats ?app|linkedin|reddit|pinterest|youtube|"
    r"tiktok|threads|mastodon|bluesky|tumblr|messenger|flipboard|signal|google|vk|e-?mail|"
    r"social media)"
)
BUTTON = (
    r"(?:share|tweet|retweet|pin(?: it)?|e-?mail|print|save|bookmark|copy(?: the)? link|"
    r"link copied|facebook|twitter|instagram|telegram|whats ?app|linkedin|reddit|pinterest|"
    r"tumblr|flipboard)"
)
ITEM = r"(?:article|story|page|post|link|piece|report|video|gallery|item|photo|image|podcast)s?"
STORIES = r"(?:stor(?:y|ies)|articles?|news|posts?|coverage|content|links?|topics?|reading|videos?)"
PICTURE = (
    r"(?:photo(?:graph(?:y|s)?|s)?|pic(?:ture)?s?|pictured|images?|illustrations?|graphics?|"
    r"infographics?|maps?|charts?|cartoons?|footage|video|captions?|credits?)"
)
CAPITAL = r"(?-i:[A-ZÀ-Þ][\w.’'-]*)"
NAME = rf"{CAPITAL}(?:[ ,&]+(?:{CAPITAL}|and|for|of|the|de|van|von|al|bin)){{0,6}}"
JOB = (
    r"(?:correspondents?|editors?|reporters?|writers?|columnists?|staff|desk|bureau|chief|"
    r"agencies|contributors?|political|diplomatic|foreign|defence|defense|economics?|business|"
    r"world|senior|deputy|special|own|our|city|home|affairs|security|health|crime|news|web|"
    r"online|local|and|in|for|of|at|on|the|with|to|from|de|van|von|der|al|bin)\b"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
WEEKDAY = r"(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b"
STAMPED = (
    r"(?:(?:first |last |originally )?(?:updated?|published|posted|modified|edited|created|"
    r"issued|revised|date|dated)(?: (?:on|at))?\b)"
)
CLOCK = (
    rf"(?:{MONTH}|{WEEKDAY}|(?:\d+(?:st|nd|rd|th|am|pm|h)?|am|pm|a\.m|p\.m|at|on|gmt|utc|est|"
    r"edt|pst|pdt|bst|cet|cest|local time|hours?|hrs?|minutes?|mins?|days?|weeks?|ago|just now|"
    r"today|yesterday)\b)"
)
GAP = r"[\s,.|:;/()–—·•-]*"
OPEN = r"(?:[^.!?]|\.(?=[\d)]))"  # goes on without the end of a sentence

# Each kind is tried in this order; its patterns are alternatives.
KINDS = {
    "share": (
        rf"{BUTTON}(?:[\s,|/·•&+:-]+(?:{BUTTON}|and|on|via|\d[\d.,]*k?\b))*",
        r"(?:share|tweet|e-?mail|print|send|post|pin|save|bookmark|like|recommend|republish|gift|"
        rf"embed) (?:(?:this|the|our) )?(?:{ITEM}\b|this(?=\W*$|: | (?:on|via|with|by)\b)|on\b|"
        rf"via\b|with (?:your|a|friends)\b|to (?:a )?(?:friends?|{NETWORK})\b){OPEN}{{0,40}}",
        r"shares|embed(?: (?:this|the|code)(?: \w+)?)?|copy (?:this|the) (?:link|url)",
        r"\d[\d.,]*\s?[km]?\+?\s?(?:shares?|likes?|tweets?|retweets?|views|reactions?|followers)"
        r"(?:\W+\d[\d.,]*\s?[km]?\+? (?:shares?|likes?|tweets?|retweets?|views|comments?))*",
    ),
    "advertisement": (
        r"(?:advertisements?|advertising|adverts?|ads?|ad feedback|ad ?choices|(?:close|skip|"
        r"remove|report)(?: this| the)? ad(?:s|vert|vertisement)?)(?:\W+(?:(?:story|article|"
        r"please|scroll|continue|content|report|text)\b.{0,60}|\d[\d: ]*\w{0,7}))?",
        r"(?:sponsored|promoted|paid|partner|branded)(?: (?:content|links?|posts?|stories|message|"
        rf"feature|for|by|from|and presented)\b{OPEN}{{0,50}}|\s?[:·|–—-] .{{1,150}})?",
        r"(?:shop|buy|order|book|bet|play|apply|call|visit|download|vote|switch|save|stream|join)"
        r" now\b.{0,100}",
        r"(?:enter|play|book|call|click|tap|register|text|vote) (?:\w+ )?to (?:win|"
        r"claim)\b.{0,100}",
        r"(?:all )?(?:prices|data|quotes|figures|rates) (?:are |may be )?delayed\b.{0,100}",
        r"(?:terms(?: (?:and|&) conditions)?|t&cs) apply.{0,60}",
        r"(?:your )?capital (?:is )?at risk.{0,60}|results may vary.{0,40}",
        r"(?:this is )?not (?:financial|investment|medical|legal) advice.{0,60}",
        r"(?:please )?(?:gamble|drink) responsibly.{0,40}",
        rf"(?:(?:the|this|our) )?(?:{ITEM}|text|news|content|coverage|interview) (?:continues?|"
        r"resumes?) (?:below|beneath|after (?:this|the|our|advert)|on (?:the )?next page)\b.{0,50}",
    ),
    "read_more": (
        r"(?:please )?(?:read|see|find out|learn|discover|explore) more\b[^.!?]{0,120}\.?",
        rf"(?:read|see) (?:also|next|on|this|here|the full|our full|our latest)\b{OPEN}{{0,100}}",
        r"(?:read(?: (?:more|also|next|this|now))?|also read|see also|see more|must[- ]read|more|"
        r"more (?:on|from|about) .{1,40}|related(?: \w+)?|recommended(?: \w+)?|don[’']?t miss|"
        r"in case you missed it|icymi|up next|next up|next|watch(?: \w+)?|listen(?: \w+)?|video|"
        r"podcast|gallery|in pictures|(?:photo|picture) gallery|slideshow|live(?: \w+)?|explainer|"
        r"explained|quiz|from (?:the|our) archives?|(?:from )?around the web|further reading|"
        r"background reading|latest|(?:trending|popular)(?: (?:now|today|this \w+|on \w+))?|"
        r"you (?:may|might)(?: also)? (?:like|enjoy)|editor[’']?s[’']? (?:pick|choice)|"
        r"most (?:read|popular)|opinion|top story|autoplay|now playing|top tip|how to help)"
        rf"\s?(?:[:|·»›>].{{1,160}}|[–—-]\s{OPEN}{{1,160}})",
        rf"(?:read|see|watch|view|download|hear|browse|search) (?:the|our|your|all|this) "
        rf"{OPEN}{{2,70}}"
        r"(?<![,;:’”\"])",
        r"(?:check|try|use|calculate|convert|track|test|compare|read|see|watch|hear|download|"
        r"search|"
        rf"explore) {OPEN}{{2,60}} (?:here|with us|(?:with|using|on) our {OPEN}{{2,30}})",
        r"(?:[^.!?:]{2,40}: )?(?:our |these |the |top |best )*\d{1,2} (?:[\w’'-]+ ){0,3}(?:tricks|"
        r"tips|facts|things|reasons|signs|secrets|hacks|ideas|foods|photos|pictures|places|"
        r"castles|stars|celebrities|shares|stocks)(?: [^.!?:]{2,80})?",
        r"(?:related|recommended|more|similar|latest|most[- ](?:read|popular|viewed|shared|"
        r"commented|watched)|trending|popular|featured|you (?:may|might)(?: also)? (?:like|enjoy|"
        r"be interested in)|editor[’']?s[’']? (?:picks?|choice)|don[’']?t miss|must[- ]reads?|"
        r"what to read next|up next|keep reading|further reading|continue reading|in case you "
        rf"missed it|also in this section|in pictures|learn more|(?:top|other) {STORIES})"
        rf"(?: (?:{STORIES}|headlines|on this (?:story|topic)|for you|now|today|this week|"
        rf"right now|(?:in|on|from|by) {OPEN}{{1,40}}|the main story|below|here))*(?:[:… ]|\.\.)*",
        r"(?:watch|view|see|listen to|play|hear|browse)(?: (?:the|this|our|more|all|full|live|"
        r"latest|related|it|a|in))* (?:videos?|audio|clip|gallery|galleries|footage|live|podcast|"
        rf"slideshow|photos?|pictures|images?|{ITEM}|live ?blog|coverage|stream|broadcast|map|"
        r"graphic)\b[^.!?]{0,60}[.:]?",
    ),
    "scroll": (
        r"(?:please )?(?:scroll|swipe)(?: (?:up|down|left|right|on|to|for|through)(?:wards?)?)+\b"
        r".{0,80}",
        r"you have reached the end\b.{0,60}|keep (?:scrolling|reading|watching)\W*",
    ),
    "photo": (
        r"(?:(?:file|stock|handout|main|lead|cover|press|image|media|photo|picture|satellite) )?"
        rf"{PICTURE}(?: (?:credits?|captions?|source|courtesy(?: of)?|by|from|via|copyright|above|"
        rf"below|left|right|\d+))*\s?(?:[:|©].{{1,220}}|[–—-]\s{OPEN}{{1,160}}|/.{{1,160}})",
        rf"(?:file |stock |handout |press |courtesy |all )?{PICTURE} (?:by|courtesy(?: of)?|via|"
        rf"from|credit|copyright|(?:provided|supplied|taken) by) (?:the )?{NAME}(?:\s?/\s?{NAME})*",
        r"(?:file|stock|handout|courtesy|press|archive) (?:photo|picture|image|pic)s?|handout|"
        r"supplied|getty images|i?stock(?:photo)?|shutterstock|alamy|reuters|afp|ap|ap photo|epa|"
        r"epa-efe|pa(?: wire| media)?|associated press|press association",
        rf"(?:(?:image|picture|photo) )?courtesy(?: of)? {OPEN}{{2,50}}",
        rf"(?:{CAPITAL} ){{1,4}}?{CAPITAL}\s?[/|]\s?{CAPITAL}(?: {CAPITAL}){{0,3}}"
        rf"(?:\s?/\s?{NAME})?",
        r"(?:pictured|above|below|inset|(?:top|bottom|main|far) (?:left|right|picture|image|photo))"
        r"(?:,? (?:left|right|above|below|centre|center))*: .{3,200}",
    ),
    "viewer": (
        r"(?:enlarge|expand|zoom|hide|show|toggle|view|open|close|download)(?: (?:this|the|in|full|"
        r"larger|high[- ]res(?:olution)?))* (?:image|photo|picture|captions?|gallery|fullscreen|"
        rf"full screen|slideshow|transcript|version|map|player|graphic)\b{OPEN}{{0,30}}",
        r"(?:(?:image|photo|picture|slide|page) )?\d+ (?:of|/) \d+(?: (?:images?|photos?|pages?))?",
        r"(?:play|pause|mute|unmute|replay)(?: (?:video|audio|sound))?|video player.{0,40}",
        r"\d+:\d\d ?/ ?\d+:\d\d",
        r"(?:embedded )?(?:post|content|media|tweet|video|item)(?: is)? (?:unavailable|"
        rf"not available|no longer available|blocked|removed|hidden)\b{OPEN}{{0,60}}\.?",
        r"(?:this )?(?:video|audio|content|media)(?: file)? (?:can ?not|could not|is not|isn[’']t|"
        r"is no longer|failed)(?: to)?(?: be)? (?:play(?:ed)?|load(?:ed)?|available|supported|"
        r"displayed|viewed)\b.{0,80}",
        r"not available in your (?:region|country|area|location).{0,40}",
    ),
    "newsletter": (
        r"(?:please )?(?:sign ?up|subscribe|register)(?: (?:now|today|here|free|below|with|to "
        r"(?:get|"
        r"receive|our|us|continue|read)|for (?:our|more|free|daily|weekly|a (?:daily|weekly|free))|"
        r"and)\b.{0,160}|.{0,100}\b(?:newsletters?|alerts?|briefings?|bulletins?|digests?|updates|"
        r"letter|headlines|inbox|by e-?mail|e-?mails?(?=\W*$)|free trial)\b.{0,80})?",
        rf"(?:sign up|subscribe) to {OPEN}{{2,80}}",
        r"(?:our )?(?:newsletters?|e-?mail alerts?)\s?(?:[:|·]|[–—-]\s).{1,150}",
        r"(?:enter your e-?mail|your e-?mail address|thanks? (?:you )?for (?:subscribing|"
        r"signing up)|you have (?:successfully )?(?:subscribed|signed up|\d+ free)|unsubscribe|"
        r"(?:this \w+ is )?for subscribers|subscribers? only|exclusive to subscribers|"
        r"to continue reading|to read the full (?:article|story|report|text|interview)|create "
        r"(?:a free|an|your) account|start your (?:free )?(?:trial|subscription)|become an? "
        r"(?:member|subscriber|supporter|patron|friend of))\b.{0,150}",
        r"(?:already|not)(?: yet)? (?:an? |have an? )?(?:subscriber|member|account|registered|"
        r"subscribed)\?.{0,100}",
    ),
    "support": (
        r"(?:please )?(?:donate|contribute|chip in|help us|help fund|help keep|consider|"
        r"support (?:us|our|independent|quality|local|free|public|fearless)|if you (?:value|enjoy|"
        r"like))\b.{0,90}\b(?:journalism|reporting|newsroom|donat\w+|contribut\w+|our work|"
        r"subscri\w+|membership)\b.{0,80}",
        rf"(?:donate|contribute|support (?:us|our {OPEN}{{2,30}})) (?:now|today|here)\W*",
        rf"support (?:the )?{CAPITAL}\s?(?::|[–—-] )[^.!?]{{2,80}}",
    ),
    "comments": (
        r"(?!no comment\W*$)(?:\(\d+\) )?(?:(?:view|show|hide|read|see|load|all|more|post|"
        r"leave|add|"
        r"write|make|submit|no|latest|reader|readers[’']?|your|a|the|be the first to|log ?in to|"
        r"sign in to|register to|\d[\d,.]*k?) )*comments?(?: here| below| now| section| policy|"
        r" on this \w+)?(?:\W{0,3}\d[\d,.]*k?\W?)?(?: ?[–—-] .{1,40})?(?: (?:are|is|have been|"
        r"has been) (?:now |currently )?(?:closed|open|disabled|moderated|welcome).{0,60})?\.?",
        r"(?:leave a reply|have your say|join the (?:conversation|discussion|debate)|be the first "
        r"to|start the (?:conversation|discussion)|share your (?:thoughts?|views?|opinions?|story|"
        r"stories|experiences?|memories|photos?)|send (?:us )?your|tell us (?:what you|your "
        r"(?:view|"
        r"views|story|stories|experience)|in the|how you)|let us know|write to (?:us|the editor)|"
        r"letters to the editor|e-?mail us|got an? (?:\w+ )?(?:tip|story|question|view)|(?:do )?"
        r"(?:you have|have you) (?:got )?(?:an?|any) (?:\w+ )?(?:story|stories|tips?)|have you "
        r"been "
        r"affected|contact (?:us|(?:the|our) (?:[\w’']+ ){0,3}(?:author|newsroom|editor|reporter|"
        r"writer|desk|team))|reach (?:us|the \w+) at)\b.{0,140}",
        r"(?:was|did|is|do you find) this (?:article|story|page|summary|report|content|video)\b"
        r".{0,30}\b(?:helpful|help|useful|interesting|enjoy|like)\b.{0,60}|rate (?:this|us|our)\b"
        r".{0,60}",
    ),
    "follow": (
        rf"(?:follow {OPEN}{{1,60}}|(?:like|find|join|friend|add|connect with) (?:us|me|our "
        rf"[\w ]{{1,30}}|(?:the )?{NAME})) (?:on|at|via) {NETWORK}\b.{{0,60}}",
        rf"(?:follow|find) (?:the )?{CAPITAL}(?: {CAPITAL}){{0,3}} on {OPEN}{{2,60}}",
        r"(?:connect|stay in touch|keep in touch|stay connected|chat) with us\b.{0,60}|"
        r"follow(?:ing)?",
        r"follow (?:us|me|@\w+|our|the author|this (?:topic|story|author)|live|along|for (?:more|"
        rf"updates)|the latest)\b{OPEN}{{0,90}}\.?|@\w{{2,30}}(?: on \w+)?",
    ),
    "privacy": (
        r"(?:accept|reject|manage|allow|decline|cookies?|privacy|customi[sz]e|i|terms|legal|do not "
        r"sell)(?: (?:all|and|&|of|my|your|our|the|to|or|personal|information|cookies?|settings|"
        r"preferences|policy|choices|options|notice|close|continue|consent|agree|accept|essential|"
        r"only|necessary|use|service|conditions|privacy|terms))+",
        r"we value your privacy.{0,100}|cookies?",
    ),
    "byline": (
        rf"by:? (?!(?:{MONTH}|{WEEKDAY}|\d))(?:{CAPITAL}|our|staff|a)(?:[\s,|&/·•–—-]+(?:{CAPITAL}|"
        rf"{JOB}|\d[\d:./]*(?:am|pm|st|nd|rd|th)?))*",
        r"(?-i:by (?!(?:the|an?|this|that|his|her|their|its|my|what|then|now|far|day|night|and|way|"
        r"all|no) )[a-z’'.-]+ [a-z’'.-]+(?: [a-z’'.-]+){0,2})",
        r"[(\[]?(?:(?:additional|further|with(?: additional)?) )?(?:reporting|writing|editing|"
        r"words|"
        r"written|compiled|edited|produced|translated|translation|posted|published|story|text|"
        rf"report|reported)(?:(?:,| and) (?:writing|editing))? (?:by|from):? (?:{CAPITAL}|{JOB})"
        rf"(?:[\s,;&/–—-]+(?:{CAPITAL}|{JOB}|(?:writing|editing|reporting|additional|by|further)"
        r"\b))*\.?[)\]]?",
        rf"{NAME}\s?[,|–—-] (?:{CAPITAL} |{JOB} )*(?:correspondents?|editors?|reporters?|writers?|"
        rf"columnists?|bureau chief)(?: (?:in|for|at|of) {NAME}|, {NAME})?",
        rf"(?:from |by )?(?:{JOB} )*(?:correspondents?|reporters?|staff|agencies|writers?)",
    ),
    "timestamp": (
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?",
        rf"{STAMPED}(?=.*\d){GAP}(?:(?:{CLOCK}|{STAMPED}){GAP})+",
        rf"(?={CLOCK})(?=.*(?:\b(?:19|20)\d\d\b|\bago\b))(?=.*(?:{MONTH}|\d[/.-]\d|ago))"
        rf"(?!.*\b(?:19|20)\d\d\b.*\b(?:19|20)\d\d\b)(?:{CLOCK}{GAP})+",
    ),
    "reading_time": (
        r"(?:reading time\W+)?\d+[- ]?(?:min(?:ute)?s?)(?: (?:read|listen|watch|reading time))?",
        r"reading time.{0,20}|\d[\d,]* words|listen(?: to (?:this|the) \w+)?(?:\W+\d+ min\w*)?",
    ),
    "copyright": (
        r"(?:©|\(c\)) ?.{0,120}|c (?:19|20)\d\d .{2,60}",
        r"copyright(?: ?(?:©|\(c\)|\d{4}|:|by\b|of\b|notice|(?-i:[A-Z])).{0,120})?",
    ),
    "click": (
        r"(?:click|tap)(?: (?:here|on|to|for|through|below|above|play|subscribe))\b.{0,160}",
    ),
    "origin": (
        r"this (?:article|story|piece|post|column|essay|commentary|dispatch|interview|report|page)"
        r"\b.{0,40}\b(?:(?:originally|first|also) (?:published|appear(?:s|ed)|ran|posted|printed)|"
        r"was (?:last )?(?:updated|amended|corrected|edited|translated|republished|provided)|"
        r"has been (?:updated|amended|corrected|edited|translated|republished)|will be updated|"
        r"is part of|is developing)\b.{0,180}",
        r"(?:originally|first) (?:published|appeared|posted|printed)\b[^,.!?]{0,80}\.?",
        r"an? (?:\w+ )?version of this (?:article|story|piece|column)\b.{0,160}",
        r"the post .{1,140} (?:appeared first|first appeared) on .{1,60}",
        r"(?:re(?:published|printed|produced)|syndicated) (?:from|with|under|by|courtesy)\b"
        rf"{OPEN}{{0,120}}\.?",
        r"(?:source|sources|via): .{2,80}",
        r"(?:this is a )?developing story.{0,60}|(?:more|more details|updates) to follow.{0,30}|"
        r"check back .{0,60}|refresh (?:this|the) page.{0,60}",
    ),
    "navigation": (
        r"back to (?:the )?top|menu|search|next|previous|prev|skip to (?:main )?content|log ?in|"
        r"sign in|my account|contact us|about us|rss(?: feed)?|site ?map|breaking news|e-?paper|"
        r"donate(?: now)?|feedback|open in app|advertise with us|loading.{0,30}|page \d+(?: of "
        r"\d+)?",
        rf"(?:show|load|view|see) (?:more|less|all)\b{OPEN}{{0,30}}",
        r"report an? (?:error|typo|mistake|correction|problem).{0,30}",
        r"thank(?:s| you) for reading.{0,60}|(?:text|font) size\W*",
        r"(?:download|get) (?:our|the) (?:\w+ )?app\b.{0,60}",
        r"(?:available|download) on (?:the )?(?:app store|google play)",
        r"jump to(?:\s?: .{1,120}| (?:content|comments|recipe))",
        r"in this (?:article|story|section|issue|report)(?:\s?: ?.{1,150})?",
        r"(?:language|edition|region|theme|font|units)\s?: .{1,20}",
        rf"(?:next|previous|older|newer) (?:article|story|post|page)s?{OPEN}{{0,80}}",
        r"enable javascript.{0,60}|javascript is .{0,60}",
        r"(?:tags?|tagged(?: (?:with|under|in))?|topics?|keywords?|filed under|categor(?:y|ies)|"
        r"posted in|labels?|more on these topics)(?:\s?:\s?| ?[|»] ?).{1,150}",
        r"tags|topics|filed under",
    ),
    "address": (
        r"(?:(?:e-?mail|contact|twitter|web|website|url|link|tel|phone)\W{0,3})?(?:\S+@\S+\.\w+|"
        r"(?:https?://|www\.)\S+)",
    ),
}


class TailRule(NamedTuple):
    """A pattern that may begin with anything; tried only on lines with one of its words."""

    kind: str
    words: tuple[str, ...]
    pattern: str


TAILS = (
    TailRule(
        "photo",
        ("(", "["),
        r".{5,220}[(\[](?:(?:file|ap|stock|handout) ?)?(?:(?:photo(?:graph)?s?|pic(?:ture)?s?|"
        r"images?|illustration|credit)(?:\s?[:/–-]|[)\]]| (?:by|credit|courtesy|via|supplied)\b)|"
        r"getty|©|screengrab|screenshot).{0,70}",
    ),
    TailRule(
        "photo",
        ("photo", "picture", "image", "illustration", "credit"),
        r".{5,240}[.!?”’\"\w)] (?-i:Photo(?:graph)?s?|PHOTO|PICTURE|IMAGE|Pictures?|Images?|"
        r"Illustration|Credit|CREDIT)(?: (?:credit|by|courtesy of))?\s?[:/|]\s?\S.{1,60}",
    ),
    TailRule(
        "photo", ("/",), rf".{{10,220}}[.!?”’\"]\s+(?:{CAPITAL} ){{0,3}}{CAPITAL}\s?/\s?{NAME}"
    ),
    TailRule("viewer", ("(", "["), rf"{OPEN}{{3,100}} ?[(\[]\d{{1,2}}:\d\d[)\]]"),
    TailRule(
        "newsletter",
        ("inbox", "newsletter", "mailing list", "alert", "mail", "briefing", "free trial"),
        r"(?:get|receive|want|join our|try our|enjoy|never miss)\b.{0,140}\b(?:inbox|newsletters?|"
        r"mailing list|e-?mail alerts?|news alerts?|push alerts?|by e-?mail|daily briefing|"
        r"morning briefing|free trial)\b[^.!?]{0,80}[.!?]?",
    ),
    TailRule(
        "newsletter",
        ("newsletter", "alert"),
        r"(?:[\w’']+ ){0,4}(?:newsletters?|e-?mail alerts?|news alerts?)(?: sign-?up)?",
    ),
    TailRule(
        "read_more",
        ("more",),
        r".{2,60}: more (?:columns|stories|articles|reports|pictures|photos|videos|from .{2,30}|"
        r"on .{2,30})|(?:.{5,100}\. )?more (?:by|from) (?:this|the) (?:author|reporter|writer)\W?",
    ),
    TailRule(
        "read_more",
        (" page",),
        rf"(?:{OPEN}{{3,60}} )?(?:see|turn to|continued (?:on|from)|more on|go to) pages? \d+"
        rf"{OPEN}{{0,30}}",
    ),
    TailRule(
        "comments",
        ("? ",),
        r"[^.?!“‘\"]{3,70}\? (?:write to|call|contact|e-?mail|tell us|let us know|visit|text|phone|"
        r"search|find out|click|tap|send|get in touch|join|sign up|see our|use our|check our|rate)"
        r"\b.{0,120}",
    ),
    TailRule(
        "privacy",
        ("cookie", "privacy", "terms", "recaptcha"),
        r"(?:we (?:and|use|value|store|may)|our (?:site|website|partners)|this (?:site|website|"
        r"page)|"
        r"by (?:using|continuing|clicking|signing|browsing|submitting|subscribing|entering)|your "
        r"(?:privacy|choices|data|use)|please (?:accept|enable|review|read)|.{0,40}\bwebsite "
        r"uses)\b"
        r".{0,160}\b(?:cookies?|privacy (?:policy|settings|notice)|terms (?:of (?:use|service)|and "
        r"conditions)|recaptcha)\b.{0,160}",
    ),
    TailRule(
        "byline",
        ("contributed",),
        r".{3,140} contributed (?:reporting|to this (?:report|story|article))\b.{0,60}",
    ),
    TailRule(
        "disclaimer",
        ("affiliate", "commission"),
        r"(?=.*\blinks?\b).{0,200}\b(?:affiliate (?:links?|commissions?|partners?)|"
        r"earn (?:an? )?(?:\w+ )?commission)\b.{0,100}",
    ),
    TailRule(
        "disclaimer",
        ("views", "opinions", "external"),
        r".{0,120}\b(?:views|opinions)\b.{0,40}\b(?:(?:do|does|may) not (?:\w+ )?(?:reflect|"
        r"represent|coincide)|expressed\b.{0,40}\b(?:author|writer|own|alone))\b.{0,120}|"
        r".{0,80}not responsible for the content of external.{0,60}",
    ),
    TailRule("copyright", ("all rights reserved",), r".{0,120}all rights reserved.{0,100}"),
    TailRule(
        "copyright",
        ("reproduced", "published", "copied", "redistributed", "rewritten", "reprinted"),
        r"(?=.*\b(?:permission|consent|broadcast|redistributed|rewritten|in whole|any (?:form|"
        r"manner)|"
        r"commercial))"
        r".{0,140}\b(?:may not|must not|cannot) be (?:reproduced|republished|published|copied|"
        r"redistributed|rewritten|reprinted)\b.{0,120}",
    ),
    TailRule("copyright", ("©", "™"), r".{0,160}(?:©.{0,60}|™)"),
    TailRule(
        "click",
        ("click", "tap"),
        rf".{{0,140}}\b(?:click|tap) here\b.{{0,80}}|{OPEN}{{0,100}}(?<![-\w])(?:click|tap)s? "
        rf"(?:for|"
        rf"to|on|through)\b{OPEN}{{0,60}}|[^.!?]{{3,80}} (?:in|with) (?:one|a|a single) (?:tap|"
        r"click)",
    ),
    TailRule("origin", ("source:", "sources:"), r".{3,80}[.,;] sources?: .{2,60}"),
)

TAIL_WORDS = frozenset(word for tail in TAILS for word in tail.words)


def furniture_kind(line: str) -> str:
    """Name the kind of furniture a line is, or nothing.

    Parameters
    ----------
    line : str
        One line of an article.

    Returns
    -------
    str
        A kind such as "share" or "photo", or an empty string.

    Examples
    --------
    >>> furniture_kind("SHARE THIS ARTICLE"), furniture_kind("Shares fell by 3 per cent.")
    ('share', '')
    """
    bare = line.strip(EDGES)
    bare = bare[1:-1].strip(EDGES) if bare[:1] + bare[-1:] in BRACKETS else bare
    if not bare or len(bare) > LONGEST or bare[0] in QUOTES:
        return ""
    match = _kinds().fullmatch(bare)
    if match:
        return str(match.lastgroup)
    return _tail_kind(bare) or _kind_of_row(bare)


def _kind_of_row(line: str) -> str:
    """A row of buttons is furniture when at least half of them are."""
    pieces = ROW.split(line)
    kinds = [furniture_kind(piece) for piece in pieces] if len(pieces) > 1 else []
    known = [kind for kind in kinds if kind and kind != "timestamp"]
    return known[0] if known and 2 * len(known) >= len(kinds) else ""


def _tail_kind(line: str) -> str:
    has = line.lower().__contains__
    if any(map(has, TAIL_WORDS)):
        for tail in TAILS:
            if any(map(has, tail.words)) and _tail(tail.pattern).fullmatch(line):
                return tail.kind
    return ""


@cache
def _kinds() -> re.Pattern[str]:
    """All kinds as one pattern, many times quicker than one after the other."""
    groups = [f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in KINDS.items()]
    return re.compile("|".join(groups), re.IGNORECASE)


@cache
def _tail(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
