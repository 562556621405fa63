"""What is furniture, and what only begins like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.furniture import KINDS, TAIL_WORDS, TAILS, furniture_kind

FURNITURE = {
    "share": [
        "Tweet",
        "Facebook Twitter Email",
        "Share | Print | Save",
        "Email this story to a friend",
        "1.2k shares",
    ],
    "advertisement": [
        "[Advertisement]",
        "Sponsored content",
        "Story continues below",
        "Prices delayed by 15 minutes.",
        "Terms apply.",
    ],
    "read_more": [
        "READ MORE",
        "Related: Bridges of the north",
        "More on this story",
        "• Most read",
        "Watch the video above",
        "See also: who pays",
        "For the full list, turn to page 9",
    ],
    "scroll": ["Scroll down for more pictures"],
    "photo": [
        "Photograph: Ada Brill/Harbour Agency",
        "Image credit: Harbour Agency",
        "Photo by Ada Brill",
        "Smoke over the harbour. Photo: Ada Brill",
        "Smoke over the harbour on Monday (Photo: Ada Brill)",
        "A boat leaves. Ada Brill/Harbour Agency",
    ],
    "viewer": [
        "Hide caption",
        "3 of 12",
        "Enlarge this image",
        "The night in pictures (1:48)",
    ],
    "newsletter": [
        "Sign up for our morning briefing",
        "Get the day’s news in your inbox.",
        "Enter your email address",
    ],
    "support": ["Support independent journalism: become a subscriber"],
    "comments": [
        "Comments (12)",
        "34 comments",
        "Leave a comment",
        "Comments are closed.",
        "Seen something? Tell us about it",
    ],
    "follow": ["Follow us on Telegram", "Follow @harbournews", "Like us on Facebook"],
    "privacy": ["We use cookies to make this page better.", "Accept all cookies", "Privacy policy"],
    "byline": [
        "By Ruta Ellison",
        "BY RUTA ELLISON, FOREIGN EDITOR",
        "By our own correspondent in Lindmere",
        "by ruta ellison",
        "Reporting by Ruta Ellison; editing by Ada Brill",
        "Ada Brill contributed to this report.",
    ],
    "timestamp": [
        "Updated 3 March 2031, 10:14",
        "Published: 2031-03-03",
        "3 March 2031",
        "2 hours ago",
    ],
    "reading_time": ["5 min read", "933 words"],
    "copyright": ["© Harbour Agency", "Copyright 2031 Harbour Agency", "All rights reserved."],
    "click": ["Click here to subscribe", "To see the map, click here"],
    "origin": ["This article was originally published by the Star.", "More to follow"],
    "navigation": ["Back to top", "Tags: war, harbour", "Next article", "Loading…"],
    "address": ["https://harbour.example/news", "news@harbour.example"],
    "disclaimer": ["The views expressed here are the author’s own."],
}

SENTENCES = [
    "Share prices fell, and shares in the firm were suspended.",
    "Post on the hill was lost at dawn, the army said.",
    "Advertisement rates rose by a tenth.",
    "Paid by the army, they stayed.",
    "Read from the pulpit on Sunday, the letter caused an uproar.",
    "More from the hills came down at night.",
    "More than half of them were children.",
    "Next came the drought.",
    "Footage – shot on a phone – shows the bakery burning.",
    "Photographs from the scene showed a crater.",
    "Images from the harbour were broadcast all night.",
    "The army released the film (video shows two jets).",
    "The mailing list was stolen.",
    "The newsletter reported that the bridge had fallen.",
    "Register offices were closed for a third day.",
    "Consider the bakers of Gate Nine today.",
    "Support for the war is falling now, the poll found.",
    "No comment.",
    "What do you think will happen next?",
    "Tell us about that morning.",
    "Do you have any news of your brother?",
    "Are you in contact with your family?",
    "Following the latest raid, the market closed.",
    "Like millions on Facebook, she saw the film.",
    "We are losing the war on social media.",
    "The regulator fined the company over cookies.",
    "The minister said the terms of the deal were secret.",
    "By Monday the town was empty.",
    "By March 2031 nothing was left of it.",
    "The names may not be published under the law.",
    "Brokers earn a commission on every barrel.",
    "Media cannot enter the town.",
    "Press on the border waited in the rain.",
    "This report also found that the army had lied.",
    "This is the end of the war.",
    "Already a member of the League, Tursa voted yes.",
    "First published in 1931, the law was never repealed.",
    "Promoted from captain, he left.",
    "Monday, March 3",
    "“Follow us,” he said",
    "‘Read more books’",
    "Militants take the bridge",
    "What happens next",
    "1.",
    "",
]

KNOWN = {"", *FURNITURE}


@pytest.mark.parametrize(("kind", "line"), [(k, line) for k in FURNITURE for line in FURNITURE[k]])
def test_furniture_is_known_by_its_kind(kind, line):
    assert furniture_kind(line) == kind


@pytest.mark.parametrize("line", SENTENCES)
def test_what_only_begins_like_furniture_is_not(line):
    assert furniture_kind(line) == ""


def test_every_kind_is_tried_here():
    assert set(FURNITURE) == set(KINDS) | {tail.kind for tail in TAILS}


def test_marks_around_a_line_do_not_matter():
    assert furniture_kind(" » Share » ") == furniture_kind("— SHARE —") == "share"


def test_a_row_of_buttons_needs_to_be_mostly_buttons():
    assert furniture_kind("Share · Toot · Pin it") == "share"
    assert furniture_kind("War · Peace · Share") == ""


def test_a_long_line_is_never_furniture():
    assert furniture_kind("Read more: " + "war " * 100) == ""


def test_words_of_tails_are_lower_case():
    assert all(word == word.lower() for word in TAIL_WORDS)


@pytest.mark.parametrize(
    "piece",
    ["by ", "A ", "1 ", "more ", "3 March ", "? ", "a/", "(", "share ", "the ", "1/", " · "],
)
def test_repetition_does_not_hang_a_pattern(piece):
    assert furniture_kind((piece * 300)[:299]) in KNOWN


@given(line=st.text(max_size=120))
def test_any_line_has_a_known_kind_or_none(line):
    assert furniture_kind(line) in KNOWN
