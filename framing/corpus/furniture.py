"""Patterns that know page furniture: what a web page prints around and between the paragraphs.

A pattern must fit a whole line. A line that opens with a quotation mark is never furniture, nor is
one longer than `LONGEST`. Patterns with an open end begin with words that no sentence of an
article begins with, so that a real sentence is hardly ever hit.
"""

import re
from functools import cache
from typing import NamedTuple

LONGEST = 300
QUOTES = "“\"‘'«„"
EDGES = " \t\u00a0\u200b*•·|>»›→▶►▼+_=~#–—-"  # marks that decorate a line

ROW = re.compile(r"\s+[·•|›»]\s+")

NETWORK = (
    r"(?:facebook|twitter|x|instagram|telegram|whats ?app|linkedin|reddit|pinterest|youtube|tiktok|"
    r"threads|mastodon|bluesky|tumblr|messenger|flipboard|signal|google|vk|e-?mail|social media)"
)
BUTTON = (
    r"(?:share|tweet|retweet|pin(?: it)?|e-?mail|print|save|bookmark|copy(?: the)? link|"
    r"link copied|"
    r"facebook|twitter|instagram|telegram|whats ?app|linkedin|reddit|pinterest|tumblr|flipboard)"
)
ITEM = r"(?:article|story|page|post|link|piece|report|video|gallery|item|photo|image|podcast)s?"
PICTURE = (
    r"(?:photo(?:graph(?:y|s)?|s)?|pic(?:ture)?s?|pictured|images?|illustrations?|graphics?|"
    r"infographics?|maps?|charts?|cartoons?|footage|video|captions?|credits?)"
)
CAPITAL = r"(?-i:[A-ZÀ-Þ][\w.’'-]*)"
NAME = rf"{CAPITAL}(?:[ ,&]+(?:{CAPITAL}|and|for|of|the|de|van|von|al|bin)){{0,6}}"
JOB = (
    r"(?:correspondents?|editors?|reporters?|writers?|columnists?|staff|desk|bureau|chief|agencies|"
    r"contributors?|political|diplomatic|foreign|defence|defense|economics?|business|world|senior|"
    r"deputy|special|own|our|city|home|affairs|security|health|crime|news|web|online|local|and|in|"
    r"for|of|at|on|the|with|to|from|de|van|von|der|al|bin)\b"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
WEEKDAY = r"(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b"
STAMPED = (
    r"(?:(?:first |last |originally )?(?:updated?|published|posted|modified|edited|created|issued|"
    r"revised|date|dated)(?: (?:on|at))?\b)"
)
CLOCK = (
    rf"(?:{MONTH}|{WEEKDAY}|(?:\d+(?:st|nd|rd|th|am|pm|h)?|am|pm|a\.m|p\.m|at|on|gmt|utc|est|edt|"
    r"pst|pdt|bst|cet|cest|local time|hours?|hrs?|minutes?|mins?|days?|weeks?|ago|just now|today|"
    r"yesterday)\b)"
)
GAP = r"[\s,.|:;/()–—·•-]*"
UNSTOPPED = r"(?:[^.!?]|\.(?=[\d)]))"  # no sentence ends here
STORIES = r"(?:stor(?:y|ies)|articles?|news|posts?|coverage|content|links?|topics?|reading|videos?)"


class TailRule(NamedTuple):
    """A pattern that may begin with anything; tried only on lines with one of its words."""

    kind: str
    words: tuple[str, ...]
    pattern: str


# Each kind is tried in this order; its patterns are alternatives.
KINDS = {
    "share": (
        rf"{BUTTON}(?:[\s,|/·•&+:-]+(?:{BUTTON}|and|on|via|\d[\d.,]*k?\b))*",
        rf"(?:share|tweet|e-?mail|print|send|post|pin|save|bookmark|like|recommend|republish|gift|"
        rf"embed) "
        rf"(?:(?:this|the|our) )?(?:{ITEM}\b|this(?=\W*$|: | (?:on|via|with|by)\b)|on\b|via\b|with "
        rf"(?:your|a|friends)\b|to (?:a )?(?:friends?|{NETWORK})\b).{{0,40}}",
        r"shares|embed(?: (?:this|the|code)(?: \w+)?)?|copy (?:this|the) (?:link|url)",
        r"\d[\d.,]*\s?[km]?\+?\s?(?:shares?|likes?|tweets?|retweets?|views|reactions?|followers)"
        r"(?:\W+\d[\d.,]*\s?[km]?\+? (?:shares?|likes?|tweets?|retweets?|views|comments?))*",
    ),
    "advertisement": (
        r"(?:advertisements?|advertising|adverts?|ads?|ad feedback|ad ?choices|(?:close|skip|"
        r"remove|"
        r"report)(?: this| the)? ad(?:s|vert|vertisement)?)(?:\W+(?:(?:story|article|please|scroll|"
        r"continue|content|report|text)\b.{0,60}|\d[\d: ]*\w{0,7}))?",
        r"(?:sponsored|promoted|paid|partner|branded)(?: (?:content|links?|posts?|stories|message|"
        r"feature|for|by|from|and presented)\b.{0,50}|\s?[:·|–—-] .{1,150})?",
        r"(?:shop|buy|order|book|bet|play|apply|call|visit|download|vote|switch|save|stream|join) "
        r"now\b.{0,100}",
        r"(?:enter|play|book|call|click|tap|register|text|vote) (?:\w+ )?to (?:win|enter|save|"
        r"claim)"
        r"\b.{0,100}",
        r"(?:(?:all )?(?:prices|data|quotes|figures|rates) (?:are |may be )?delayed\b.{0,100}|"
        r"(?:terms"
        r"(?: and conditions| & conditions)?|t&cs|t’s and c’s) apply.{0,60}|"
        r"(?:your )?capital (?:is )?"
        r"at risk.{0,60}|(?:this is )?not (?:financial|investment|medical|legal) advice.{0,60}|"
        r"(?:please )?(?:gamble|drink) responsibly.{0,40}|results may vary.{0,40})",
        rf"(?:(?:the|this|our) )?(?:{ITEM}|text|news|content|coverage|interview) (?:continues?|"
        r"resumes?) (?:below|after|beneath|following|on)\b.{0,50}",
    ),
    "read_more": (
        r"(?:please )?(?:read|see|must|find out|learn|discover|explore)[ -](?:more|next|also|read|"
        r"this|on|about|from|the full|our full|our latest|here)\b(?: (?:about|from|on|in|by|at|"
        r"with|"
        rf"of|report|interview|text|{STORIES}|this|these|the|our|here|now|"
        rf"below)\b[^.!?]{{0,100}}\.?)?",
        r"(?:read(?: (?:more|also|next|this|now))?|also read|see also|see more|must[- ]read|more|"
        r"more"
        r" (?:on|from|about) .{1,40}|related(?: \w+)?|recommended(?: \w+)?|don[’']?t miss|"
        r"in case you"
        r" missed it|icymi|up next|next up|next|watch(?: \w+)?|listen(?: \w+)?|video|podcast|"
        r"gallery|"
        r"in pictures|(?:photo|picture) gallery|slideshow|live(?: \w+)?|explainer|explained|quiz|"
        r"poll|from (?:the|our) archives?|(?:from )?around the web|further reading|background "
        r"reading|latest|(?:trending|popular)(?: (?:now|today|this \w+|on \w+))?|you (?:may|might)"
        r"(?: also)? (?:like|enjoy)|editor[’']?s[’']? (?:pick|choice)|most (?:read|popular)|"
        r"previously"
        r"|elsewhere|opinion|top story|autoplay|now playing|top tip|how to help)\s?(?:[:|·»›>]|"
        r"[–—-]"
        r"\s).{1,160}",
        r"(?:read|see|watch|view|download|hear|browse|check|try|use|search|compare|explore|take|"
        r"calculate|convert|track|test) (?:"
        r"(?:the|our|your|all|this) .{2,70}|.{2,60} (?:here|with us|(?:with|using|"
        r"on) our .{2,30}))(?<![.!?,;:’”\"])",
        r".{2,60}: more (?:columns|stories|articles|reports|pictures|photos|videos|from .{2,30}|on "
        r".{2,30})|(?:.{5,100}[.] )?more (?:by|from) (?:this|the) (?:author|reporter|writer)\W?",
        r"(?:[^.!?:]{2,40}: )?(?:our |these |the |top |"
        r"best )*\d{1,2} (?:[\w’'-]+ ){0,3}(?:tricks?|tips?"
        r"|facts?|things?|reasons?|ways?|signs?|secrets?|hacks?|ideas|foods?|photos|pictures|"
        r"places|"
        r"castles|stars|celebrities|shares|stocks)(?: [^.!?:]{2,80})?",
        r"(?:.{3,120} )?(?:see|turn to|continued on|more on|go to|from) pages? \d+[^.!?]{0,30}",
        r"(?:related|recommended|more|similar|latest|most[- ](?:read|popular|viewed|shared|"
        r"commented|"
        r"watched)|trending|popular|featured|you (?:may|might)(?: also)? (?:like|enjoy|"
        r"be interested "
        r"in)|editor[’']?s[’']? (?:picks?|choice)|don[’']?t miss|must[- ]reads?|what to read next|"
        r"up "
        r"next|keep reading|further reading|continue reading|in case you missed it|also in this "
        rf"section|in pictures|(?:top|other) {STORIES})(?: (?:{STORIES}|headlines|on this (?:story|"
        r"topic)|for you|now|today|this week|right now|in .{1,30}|on .{1,30}|from .{1,40}|"
        r"by .{1,40}|"
        r"the main story|below|here))*[:…. ]*",
        r"(?:watch|view|see|listen to|play|hear|browse)(?: (?:the|this|our|more|all|full|live|"
        r"latest|"
        r"related|it|a|in))* (?:videos?|audio|clip|gallery|galleries|footage|live|podcast|"
        r"slideshow|"
        rf"photos?|pictures|images?|{ITEM}|live ?blog|coverage|stream|broadcast|map|graphic)\b"
        r"[^.!?]{0,60}[.:]?",
    ),
    "scroll": (
        r"(?:please )?(?:scroll|swipe)(?: (?:up|down|left|right|on|to|for|"
        r"through)(?:wards?)?)+\b.{0,80}",
        r"(?:you have reached|this is) the end\b.{0,60}|keep (?:scrolling|reading|"
        r"watching)\b.{0,40}",
    ),
    "photo": (
        rf"(?:(?:file|stock|handout|main|lead|cover|press|image|media|photo|picture|satellite) )?"
        rf"{PICTURE}(?: (?:credits?|captions?|source|courtesy(?: of)?|by|from|via|copyright|above|"
        rf"below|left|right|\d+))*\s?(?:[:|©]|[–—-]\s|/).{{1,220}}",
        rf"(?:file |stock |handout |press |courtesy |all )?{PICTURE} (?:by|courtesy(?: of)?|via|"
        rf"from|"
        rf"credit|copyright|(?:provided|supplied|taken) by) (?:the )?{NAME}(?:\s?/\s?{NAME})*",
        r"(?:file|stock|handout|courtesy|press|archive) (?:photo|picture|image|pic)s?|handout|"
        r"supplied|getty images|i?stock(?:photo)?|shutterstock|alamy|reuters|afp|ap|ap photo|epa|"
        r"epa-efe|pa(?: wire| media)?|associated press|press association|(?:(?:image|picture|"
        r"photo) )"
        r"?courtesy(?: of)? .{2,50}",
        rf"(?:{CAPITAL} ){{1,4}}?{CAPITAL}\s?[/|]\s?{CAPITAL}(?: {CAPITAL}){{0,3}}"
        rf"(?:\s?/\s?{NAME})?",
        r"(?:pictured|above|below|inset|(?:top|bottom|main|far) (?:left|right|picture|image|photo))"
        r"(?:,? (?:left|right|above|below|centre|center))*: .{3,200}",
    ),
    "viewer": (
        r"(?:enlarge|expand|zoom|hide|show|toggle|view|open|close|download)(?: (?:this|the|in|full|"
        r"larger|high[- ]res(?:olution)?))* (?:image|photo|picture|caption|captions|gallery|"
        r"fullscreen|full screen|slideshow|transcript|version|map|player|graphic)\b.{0,30}",
        r"(?:(?:image|photo|picture|slide|page) )?\d+ (?:of|/) \d+(?: (?:images?|photos?|pages?))?|"
        r"(?:play|pause|mute|unmute|replay)(?: (?:video|audio|sound))?|video player.{0,40}|"
        r"\d+:\d\d ?"
        r"/ ?\d+:\d\d",
        r"(?!.*[.!?] ).{3,100} ?[(\[]\d{1,2}:\d\d[)\]]",
        r"(?:embedded )?(?:post|content|media|tweet|video|item)(?: is)? (?:unavailable|"
        r"not available|"
        r"no longer available|blocked|removed|hidden)\b.{0,60}",
        r"not available in your (?:region|country|area|location).{0,40}",
        r"(?:this )?(?:video|audio|content|media)(?: file)? (?:can ?not|could not|is not|isn[’']t|"
        r"is "
        r"no longer|failed)\b.{0,80}",
    ),
    "newsletter": (
        r"(?:please )?(?:sign ?up|subscribe|register)(?: (?:now|today|here|free|below|with|"
        r"to (?:get|"
        r"receive|our|the|us|continue|read)|for (?:our|more|free|daily|weekly|a (?:daily|weekly|"
        r"free))"
        r"|and)\b.{0,160}|.{0,100}\b(?:newsletters?|alerts?|briefings?|bulletins?|digests?|updates|"
        r"letter|headlines|inbox|by e-?mail|e-?mails?(?=\W*$)|free trial)\b.{0,80})?",
        r"(?:our )?(?:newsletters?|e-?mail alerts?)\s?(?:[:|·]|[–—-]\s).{1,150}",
        r"(?:enter your e-?mail|your e-?mail address|thanks? (?:you )?for (?:subscribing|"
        r"signing up)|"
        r"you have (?:successfully )?(?:subscribed|signed up|\d+ free)|already (?:a|an|have an?) "
        r"(?:subscriber|member|account|registered)|unsubscribe|(?:this \w+ is )?for subscribers|"
        r"subscribers? only|exclusive to subscribers|to continue reading|to read the full|create "
        r"(?:a free|an|your) account|start your (?:free )?(?:trial|subscription)|become an? "
        r"(?:member|subscriber|supporter|patron|friend of)|not a (?:subscriber|member))\b.{0,150}",
    ),
    "support": (
        r"(?:please )?(?:support|donate|contribute|chip in|help us|help fund|help keep|consider|if "
        r"you (?:value|enjoy|like))\b.{0,90}\b(?:journalism|reporting|newsroom|donat\w+|"
        r"contribut\w+|our work|subscri\w+|member(?:ship)?|today|now|here)\b.{0,80}",
        rf"support (?:the )?{CAPITAL}\s?(?::|[–—-] )[^.!?]{{2,80}}",
    ),
    "comments": (
        r"(?:\(\d+\) )?"
        r"(?:(?:view|show|hide|read|see|load|all|more|post|leave|add|write|make|submit|no|latest|"
        r"reader|readers[’']?|your|a|the|be the first to|log ?in to|sign in to|register to|"
        r"\d[\d,.]*k?)"
        r" )*comments?(?: here| below| now| section| policy|"
        r" on this \w+)?(?:\W{0,3}\d[\d,.]*k?\W?)?"
        r"(?: ?[–—-] .{1,40})?"
        r"(?: (?:are|is|have been|has been) (?:now |currently )?(?:closed|open|disabled|moderated|"
        r"welcome).{0,60})?\.?",
        r"(?:leave a reply|have your say|join the (?:conversation|discussion|debate)|"
        r"be the first to|"
        r"start the (?:conversation|discussion)|share your (?:thoughts?|views?|opinions?|story|"
        r"stories|experiences?|memories|photos?)|send (?:us )?your|tell us (?:what|your|in|about|"
        r"how)|let us know|write to (?:us|the editor)|letters to the editor|e-?mail us|what do you "
        r"(?:think|make)|got an? (?:\w+ )?(?:tip|story|question|view)|(?:do )?(?:you have|"
        r"have you) (?:got )?(?:an?|any) "
        r"(?:\w+ )?(?:story|stories|tips?|question|questions|photos?|news)|have you been affected|"
        r"are you (?:in|affected)|do you know (?:more|something|anything)|contact "
        r"(?:us|(?:the|our) (?:[\w’']+ ){0,3}(?:author|newsroom|editor|reporter|writer|desk|team))|"
        r"reach (?:us|the \w+) at)\b.{0,140}",
        r"[^.?!“‘\"]{3,70}\? (?:write to|call|contact|e-?mail|tell us|let us|visit|text|phone|"
        r"search|"
        r"find out|click|tap|send|get in touch|join|sign up|try|see our|use our|check our|rate)\b"
        r".{0,120}",
        r"(?:was|did|is|do you find) this (?:article|story|page|summary|report|content|"
        r"video)\b.{0,30}"
        r"\b(?:helpful|help|useful|interesting|enjoy|like)\b.{0,60}|rate (?:this|us|our)\b.{0,60}",
    ),
    "follow": (
        rf"(?:follow|like|find|join|friend|add|connect with|we are|we[’']re|visit|see|"
        rf"read) .{{1,60}} "
        rf"(?:on|at|via) {NETWORK}\b.{{0,60}}",
        rf"(?:follow|like|find) (?:the )?{CAPITAL}(?: {CAPITAL}){{0,3}} on {UNSTOPPED}{{2,60}}",
        r"(?:connect|stay in touch|keep in touch|stay connected|find us|chat) with us\b.{0,60}",
        r"follow(?:ing)?(?: (?:us|me|@\w+|our|the author|this (?:topic|story|author)|live|along|"
        r"for "
        r"(?:more|updates)|the latest)\b.{0,90})?|@\w{2,30}(?: on \w+)?",
    ),
    "privacy": (
        r"(?:(?:accept|reject|manage|allow|decline|cookies?|privacy|customi[sz]e|i|terms|legal|"
        r"do not"
        r" sell)(?: (?:all|and|&|of|my|your|our|the|to|or|personal|information|cookies?|settings|"
        r"preferences|policy|choices|options|notice|close|continue|consent|agree|accept|essential|"
        r"only|necessary|use|service|conditions|privacy|terms))+|we value your privacy.{0,100}|"
        r"cookies?)",
    ),
    "byline": (
        rf"by:? (?!(?:{MONTH}|{WEEKDAY}|\d))(?:{CAPITAL}|our|staff|a)(?:[\s,|&/·•–—-]+(?:{CAPITAL}|"
        rf"{JOB}|\d[\d:./]*(?:am|pm|st|nd|rd|th)?))*",
        r"(?-i:by (?!the |a |an |this |that |his |her |their |its |my |what |then |now |far |day |"
        r"night |and |way |all |no )[a-z’'.-]+ [a-z’'.-]+(?: [a-z’'.-]+){0,2})",
        rf"[(\[]?(?:(?:additional|further|with(?: additional)?) )?(?:reporting|writing|editing|"
        rf"words|"
        rf"written|compiled|edited|produced|translated|translation|posted|published|story|text|"
        rf"report|reported)(?:(?:,| and) (?:writing|editing))? (?:by|from):? (?:{CAPITAL}|{JOB})"
        rf"(?:[\s,;&/–—-]+(?:{CAPITAL}|{JOB}|(?:writing|editing|reporting|additional|by|"
        rf"further)\b))*"
        r"\.?[)\]]?",
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
        r"(?:reading time\W+)?\d+[- ]?(?:min(?:ute)?s?)(?: (?:read|listen|watch|reading time))?|"
        r"reading time.{0,20}|\d[\d,]* words|listen(?: to (?:this|the) \w+)?(?:\W+\d+ min\w*)?",
    ),
    "copyright": (
        r"(?:©|\(c\)) ?.{0,120}",
        r"copyright(?: ?(?:©|\(c\)|\d{4}|:|by\b|of\b|notice|(?-i:[A-Z])).{0,120})?",
        r"c (?:19|20)\d\d .{2,60}",
    ),
    "click": (
        r"(?:click|tap|press)(?: (?:here|on|to|for|through|below|above|play|subscribe))\b.{0,160}",
    ),
    "origin": (
        r"this (?:article|story|piece|post|column|essay|commentary|dispatch|interview|report|"
        r"page)\b"
        r".{0,40}\b(?:originally|first|also|was (?:last )?(?:updated|amended|corrected|edited|"
        r"translated|republished|produced|provided|supplied)|has been (?:updated|amended|corrected|"
        r"edited|translated|republished)|will be updated|is part of|is developing|"
        r"is from)\b.{0,180}",
        r"(?:originally|first) (?:published|appeared|posted|printed)\b.{0,120}",
        r"an? (?:\w+ )?version of this (?:article|story|piece|column)\b.{0,160}",
        r"the post .{1,140} (?:appeared first|first appeared) on .{1,60}",
        r"(?:re(?:published|printed|produced)|syndicated) (?:from|with|under|by|"
        r"courtesy)\b.{0,120}",
        r"(?:source|sources|via): .{2,80}",
        r"(?:this is a )?developing story.{0,60}|(?:more|more details|updates) to follow.{0,30}|"
        r"check "
        r"back .{0,60}|refresh (?:this|the) page.{0,60}",
    ),
    "navigation": (
        r"back to (?:the )?top|menu|search|next|previous|prev|skip to (?:main )?content|log ?in|"
        r"sign "
        r"in|my account|contact us|about us|rss(?: feed)?|site ?map|breaking news|(?:show|load|"
        r"view|"
        r"see) (?:more|less|all)\b.{0,30}|loading.{0,30}|e-?paper|donate(?: now)?|feedback|"
        r"report an? "
        r"(?:error|typo|mistake|correction|problem).{0,30}|was this (?:article|page|"
        r"story) helpful\W?|"
        r"thank(?:s| you) for reading.{0,60}|(?:text|font) size\W*|(?:download|get) (?:our|the) "
        r"(?:\w+ )?app\b.{0,60}|(?:available|download) on (?:the )?(?:app store|google play)|"
        r"open in "
        r"app|advertise with us|jump to(?:\s?: .{1,120}| (?:content|comments|recipe))|"
        r"in this (?:article"
        r"|story|section|issue|report)(?:\s?: ?.{1,150})?|(?:language|edition|region|theme|font|"
        r"units)"
        r"\s?: .{1,20}|(?:next|previous|older|newer) (?:article|story|post|page)s?.{0,80}|"
        r"enable javascript.{0,60}|javascript is .{0,60}|page \d+(?: of \d+)?",
        r"(?:tags?|tagged(?: (?:with|under|in))?|topics?|keywords?|filed under|categor(?:y|ies)|"
        r"posted"
        r" in|labels?|more on these topics)(?:\s?:\s?| ?[|»] ?).{1,150}|tags|topics|filed under",
    ),
    "address": (
        r"(?:(?:e-?mail|contact|twitter|web|website|url|link|tel|phone)\W{0,3})?(?:\S+@\S+\.\w+|"
        r"(?:https?://|www\.)\S+)",
    ),
}

TAILS = (
    TailRule(
        "photo",
        ("(", "["),
        rf".{{5,220}}[(\[](?:(?:file|ap|stock|handout|screen) ?)?(?:{PICTURE}|photo/|image/|getty|"
        rf"©|"
        rf"screengrab|screenshot).{{0,70}}[)\]]\.?",
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
    TailRule(
        "newsletter",
        ("inbox", "newsletter", "mailing list", "alert", "mail", "briefing", "free trial"),
        r"(?:get|receive|want|join|try|read|enjoy|like|for|have|our|your|the|free|daily|weekly|"
        r"never)"
        r"\b.{0,140}\b(?:inbox|newsletters?|mailing list|e-?mail alerts?|news alerts?|push alerts?|"
        r"by e-?mail|daily briefing|morning briefing|free trial)\b[^.!?]{0,80}[.!?]?",
    ),
    TailRule(
        "newsletter",
        ("newsletter", "alert"),
        r"(?:[\w’']+ ){0,4}(?:newsletters?|e-?mail alerts?|news alerts?)(?: sign-?up)?",
    ),
    TailRule(
        "privacy",
        ("cookie", "privacy", "terms", "recaptcha"),
        r"(?:we|our|this (?:site|website|page)|by|the|your|to|some|these|"
        r"please)\b.{0,160}\b(?:cookies?"
        r"(?! (?:jar|dough|cutter|factory))|privacy (?:policy|settings|notice)|terms (?:of (?:use|"
        r"service)|and conditions)|recaptcha)\b.{0,160}",
    ),
    TailRule(
        "byline",
        ("contributed",),
        r".{3,140} contributed (?:reporting|to this (?:report|story|article))\b.{0,60}",
    ),
    TailRule(
        "disclaimer",
        ("affiliate", "commission"),
        r".{0,200}\b(?:affiliate (?:links?|commissions?|partners?)|"
        r"earn (?:an? )?(?:\w+ )?commission)\b"
        r".{0,100}",
    ),
    TailRule("copyright", ("all rights reserved",), r".{0,120}all rights reserved.{0,100}"),
    TailRule(
        "copyright",
        ("reproduced", "published", "copied", "redistributed", "rewritten", "reprinted"),
        r".{0,140}\b(?:may not|must not|cannot) be (?:reproduced|republished|published|copied|"
        r"redistributed|rewritten|reprinted)\b.{0,120}",
    ),
    TailRule(
        "click",
        ("click", "tap"),
        r".{0,140}\b(?:click|tap) here\b.{0,80}|"
        rf"{UNSTOPPED}{{0,100}}(?<![-\w])(?:click|tap)s? (?:for|to|on|"
        rf"through)\b{UNSTOPPED}{{0,60}}|"
        r"[^.!?]{3,80} (?:in|with) (?:one|a|a single) (?:tap|click)",
    ),
    TailRule("copyright", ("©", "™"), r".{0,160}(?:©.{0,60}|™)"),
    TailRule("origin", ("source:", "sources:"), r".{3,80}[.,;] sources?: .{2,60}"),
    TailRule(
        "disclaimer",
        ("views", "opinions", "external"),
        r".{0,120}\b(?:views|opinions)\b.{0,40}\b(?:(?:do|does|may) not (?:\w+ )?(?:reflect|"
        r"represent|coincide)|expressed\b.{0,40}\b(?:author|writer|own|alone))\b.{0,120}|"
        r".{0,80}not "
        r"responsible for the content of external.{0,60}",
    ),
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
