"""The rules that read the agreed words: for each a sentence it speaks up at, and one close by that it leaves alone."""

from __future__ import annotations

import pytest

from pipeline.wording.rules import RULES
from pipeline.wording.words import LANGUAGES, words_for

EXAMPLES = {
    "vague-owner": ("They will mend the fence.", "If they meet there, Tom will walk on."),
    "passive": ("The fence will be painted.", "Tom will be at the fence on Friday."),
    "vague-task": ("Tom will finish the programme.", "Tom will not say anything about Ruth online."),
    "two-actions": ("Tom will sweep the yard and then mend the gate.", "Tom will sweep the yard with a brush and pan."),
    "unclear-pronoun": ("Tom said he will meet him.", "Tom will meet Dee."),
    "vague-measure": ("Tom will take proper lessons.", "Tom will go once, and 5 more times."),
    "no-number": ("Tom will go to sessions with Dee.", "Tom will go to 5 sessions with Dee."),
    "vague-money": ("Tom will pay what he can afford.", "Tom will pay £35 on Friday."),
    "shaming": ("Tom will wear a T-shirt saying what happened.", "Tom will wash the T-shirts of the team."),
    "vague-time": ("Tom will mend it as soon as possible.", "Tom will mend it one day a week until Christmas."),
    "contact-details": ("Tom will ring 07700 900123.", "Tom will come at 12.30 on 27 November 2026."),
    "street-name": ("Tom will sweep Mill Lane.", "Tom will sweep the lane."),
    "school-or-workplace": ("Tom will go to Quarry Hill School.", "Tom will go to school."),
    "bank-details": ("Tom will pay it into her account.", "Tom will pay it to the service, which passes it on."),
    "reveals-place": ("Tom will never come to Weston Park.", "Tom will keep away from the places on his licence map."),
    "direct-contact": ("Tom will ring Ruth on Friday.", "Tom will ring Ruth through the service."),
    "talk": ("Tom will pay because it was his idea.", "Tom will pay."),
    "offence-word": ("Tom will not do a burglary.", "Tom will go to the burgh hall."),
    "health-word": ("Tom will get help with his addiction.", "Tom will go to the keyworker 6 times."),
    "blame-word": ("Tom is to blame and will pay.", "Tom will pay for a default switch."),
    "strings": ("Ruth will forgive Tom.", "Tom will drop off the keys."),
    "silence": ("Ruth will not tell the police.", "Ruth will tell the police."),
    "acronym": ("Tom will tell his OM.", "Tom will say om at the class."),
    "label": ("The offender will pay.", "Tom will tell the offender manager."),
    "legal-word": ("Tom shall pay.", "Tom will pay Marshall."),
}
WELSH = {
    "vague-owner": ("Bydd rhywun yn trwsio'r ffens.", "Bydd Tom yn trwsio'r ffens."),
    "vague-task": ("Bydd Tom yn cadw allan o drwbl.", "Bydd Tom yn cadw'r llyfr."),
    "vague-measure": ("Bydd Tom yn mynd yn aml.", "Bydd Tom yn mynd bum gwaith."),
    "vague-time": ("Bydd Tom yn talu cyn gynted â phosibl.", "Bydd Tom yn talu ddydd Gwener."),
    "contact-details": ("Bydd Tom yn mynd i 12 Heol y Bont.", "Bydd Tom yn mynd ar y ffordd iawn."),
    "reveals-place": ("Bydd Tom yn cadw draw o'r parc.", "Bydd Tom yn cadw draw o'r lleoedd ar ei fap trwydded."),
    "direct-contact": ("Bydd Tom yn cysylltu â Ruth.", "Bydd Tom yn cysylltu â Ruth drwy'r gwasanaeth."),
    "talk": ("Bydd Tom yn talu oherwydd yr hyn a wnaeth.", "Bydd Tom yn talu."),
    "offence-word": ("Bydd Tom yn siarad am y drosedd.", "Bydd Tom yn siarad am y drws."),
    "health-word": ("Bydd Tom yn cael help ag iselder.", "Bydd Tom yn gweld Dee chwe gwaith."),
    "blame-word": ("Tom sydd ar fai.", "Bydd Tom yn talu."),
    "strings": ("Bydd Ruth yn maddau i Tom.", "Bydd Ruth yn meddwl."),
    "silence": ("Bydd Ruth yn tynnu'r gŵyn yn ôl.", "Bydd Ruth yn tynnu llun."),
    "label": ("Bydd y troseddwr yn talu.", "Bydd Tom yn talu."),
    "legal-word": ("Mae Tom yn ymrwymo i dalu.", "Bydd Tom yn talu."),
}


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_rule_speaks_up(make, rule):
    assert rule in make.rules_for("action", EXAMPLES[rule][0])


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_rule_leaves_the_sentence_beside_it_alone(make, rule):
    assert rule not in make.rules_for("action", EXAMPLES[rule][1])


@pytest.mark.parametrize("rule", WELSH)
def test_a_rule_speaks_up_in_welsh(make, rule):
    row = make.item("action", WELSH[rule][0])
    assert rule in make.rules(make.agreement(row, agreed_language="cy"))


@pytest.mark.parametrize("rule", WELSH)
def test_a_rule_leaves_the_welsh_sentence_beside_it_alone(make, rule):
    row = make.item("action", WELSH[rule][1])
    assert rule not in make.rules(make.agreement(row, agreed_language="cy"))


BOXING_CLUB = (
    "Tom will go to the Thursday boxing club at Mill Lane, 6 pm, from 19 November to 17 December 2026 (5 times). "
    "Dee at the club will text the facilitator."
)
INSTALMENTS = (
    "Tom will pay £350 in 10 payments of £35, on the 1st of each month from 1 December 2026, to the service, which "
    "passes it on."
)
COUNSELLOR = (
    "Tom will go to the first session with the prison counsellor on Friday 13 November 2026, and 5 more before "
    "release. Tom's keyworker will tell the facilitator when the sixth is done."
)
CORRIDOR = (
    "If they meet in the corridor, Tom and Ruth will each say hello or walk on. Neither will comment online about "
    "the other. Miss Rees asks both on Friday 4 December 2026."
)
LETTER = (
    "Tom will write to Ruth. The facilitator will read it by 27 November 2026. Ruth will decide then whether she "
    "wants it."
)
MEETING_OFFER = (
    "If Mrs A asks the service for a meeting, the service will ask Tom within 14 days. Tom has said he will agree. "
    "Review each November."
)
BETTER = [
    ("statement", "Tom said he does not want this to happen again."),
    ("action", BOXING_CLUB),
    ("payment", INSTALMENTS),
    ("action", COUNSELLOR),
    ("action", CORRIDOR),
    ("letter", LETTER),
    ("meeting_offer", MEETING_OFFER),
    ("no_contact", "Tom will keep off the street where Ruth lives."),
    ("statement", "Pete said he is sorry for what he did. Alana heard it."),
    ("action", "Tom will take a driver course of at least 6 hours within 3 months of his driving ban ending."),
]
SCHEDULED = frozenset({"no-schedule"})


@pytest.mark.parametrize(("kind", "text"), BETTER)
def test_a_good_sentence_gets_nothing_above_a_note(make, kind, text):
    made = make.agreement(make.item(kind, text))
    assert [one.rule for one in make.advise(made) if one.severity != "note" and one.rule not in SCHEDULED] == []


BAD = [
    ("action", "Tom will stay out of trouble.", {"vague-task"}),
    ("payment", "Pay for the damage when he can afford it.", {"vague-money", "owner-not-named", "no-schedule"}),
    ("action", "Will get counselling.", {"vague-task", "owner-not-named"}),
    ("action", "They will be nicer to each other.", {"vague-owner", "vague-task", "owner-not-named"}),
    ("letter", "Write a full apology; Ruth will accept it.", {"vague-measure", "strings", "owner-not-named"}),
    ("action", "If she ever needs anything he will be there.", {"vague-task", "owner-not-named"}),
]


@pytest.mark.parametrize(("kind", "text", "rules"), BAD)
def test_a_bad_sentence_gets_just_these_rules(make, kind, text, rules):
    assert make.rules_for(kind, text) == rules


@pytest.mark.parametrize(
    "text",
    [
        "Tom will not contact Ruth.",
        "Tom will never ring or visit Ruth.",
        "Tom will not make any attempt to contact Ruth.",
        "If Tom meets Ruth in town, Tom will walk on.",
        "Tom will contact the club, and Ruth will hear of it from Dee.",
    ],
)
def test_contact_that_is_ruled_out_or_left_to_chance_is_no_contact(make, text):
    assert "direct-contact" not in make.rules_for("other", text)


@pytest.mark.parametrize(
    "text",
    [
        "Tom will contact Ruth to say when he is working again.",
        "Tom will not drink, and will ring Ruth each week.",
        "If she asks, Tom will visit Ruth.",
        "Tom and Ruth will message each other.",
        "Tom will meet the victim.",
        "Tom will ring Ruth. The facilitator will ask later how it went.",
    ],
)
def test_contact_without_a_channel_is_questioned(make, text):
    assert "direct-contact" in make.rules_for("other", text)


@pytest.fixture
def ruled_out(make):
    graham = make.person("responsible-1", "Graham", no_contact=True)
    people = (make.person("harmed-1", "M."), graham, make.person("checker-1", "Jo"))

    def rules(text, kind="information"):
        return make.rules(make.agreement(make.item(kind, text), participants=people))

    return rules


@pytest.mark.parametrize(
    "text",
    [
        "Graham will contact M to say when he is working again.",
        "Graham will tell M when he is working again.",
        "Graham will let M know when he is working again.",
        "Graham will say sorry to M.",
        "Graham and Jo will visit M.",
        "He will ring M with his officer.",
        "Graham will write a letter to M.",
    ],
)
def test_where_contact_is_ruled_out_it_stops_however_it_is_put(ruled_out, text):
    assert "no-contact" in ruled_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "His officer will ring M if the licence changes.",
        "Jo will tell M when the programme ends.",
        "Graham will tell the service, which passes it on.",
        "Graham will send M a message through the service.",
        "Graham will not tell anybody where M works.",
        "Graham will never follow M.",
        "Graham will keep away from the places on his licence map.",
    ],
)
def test_where_contact_is_ruled_out_a_channel_or_a_no_does_not_stop(ruled_out, text):
    assert "no-contact" not in ruled_out(text)


def test_telling_is_no_contact_where_contact_is_free(make):
    assert "direct-contact" not in make.rules_for("other", "Tom will tell Ruth he is sorry on Friday.")


def test_contact_with_her_counts_in_a_row_that_is_for_her(make):
    assert "direct-contact" in make.rules_for("meeting_offer", "Tom will meet her.", beneficiary="harmed-1")


def test_the_harmed_side_contacting_the_other_is_contact_too(make):
    assert "direct-contact" in make.rules_for("other", "Ruth will ring Tom.", owners=("harmed-1",))


def test_a_helper_on_neither_side_may_ring_anybody(make):
    assert "direct-contact" not in make.rules_for("other", "Dee will ring Ruth.", owners=("checker-1",))


def test_a_display_name_of_one_letter_is_found(make):
    people = (make.person("harmed-1", "M."), make.person("responsible-1", "Graham"), make.person("checker-1", "Jo"))
    row = make.item("other", "Graham will contact M to say when he is working again.")
    assert "direct-contact" in make.rules(make.agreement(row, participants=people))


@pytest.mark.parametrize("part", ["how_checked", "first_step", "help", "if_not_possible"])
def test_the_other_printed_texts_of_a_row_are_read_too(make, part):
    made = make.agreement(make.item("action", "Tom will mend it.", **{part: "He rings 07700 900123."}))
    assert "contact-details" in make.rules(made)


def test_a_translation_is_read_with_its_own_word_lists(make):
    record = {"items": [{"translations": {"cy": {"text": "Bydd Tom yn talu'n fuan, oherwydd."}}}]}
    made = make.agreement(make.item("action", "Tom will pay."), record=record)
    assert make.one(made, "talk").where == "/items/0/translations/cy/text"


@pytest.mark.parametrize(
    ("record", "rule", "where"),
    [
        ({"closing_words": "Ruth will forgive Tom."}, "strings", "/closing_words"),
        ({"closing_words": "Ring 07700 900123."}, "contact-details", "/closing_words"),
        ({"change_reason": "Tom has depression."}, "health-word", "/change_reason"),
        ({"incident_line": "The offender was there."}, "label", "/incident_line"),
        ({"agreed_background": {"text": "At 14 Mill Lane."}}, "contact-details", "/agreed_background/text"),
        ({"payments": [{"missed_payment_rule": "@tom_b"}]}, "contact-details", "/payments/0/missed_payment_rule"),
    ],
)
def test_texts_that_belong_to_no_row_are_read_too(make, record, rule, where):
    assert make.one(make.agreement(record=record), rule).where == where


def test_typographic_apostrophes_and_hyphens_change_nothing(make):
    typeset = "Tom will wear a T\N{NON-BREAKING HYPHEN}shirt saying it."
    assert "shaming" in make.rules_for("action", typeset)


def test_capitals_and_line_breaks_change_nothing(make):
    assert "strings" in make.rules_for("action", "Ruth WILL\nFORGIVE Tom.")


def test_a_word_inside_another_is_left_alone(make):
    assert "vague-time" not in make.rules_for("action", "Tom will clean the spoons for the soonest train.")


def test_a_region_has_the_lists_of_its_language(make):
    made = make.agreement(make.item("action", "Bydd Tom yn talu oherwydd."), agreed_language="cy-GB")
    assert "talk" in make.rules(made)


def test_a_language_without_lists_is_read_with_the_english_ones_and_says_so(make):
    made = make.agreement(make.item("action", "Tom will pay because."), agreed_language="pl")
    assert {"talk", "no-word-lists"} <= make.rules(made)


def test_every_rule_with_a_word_list_has_an_example():
    assert {rule for rule in words_for("en").lists if rule in RULES} - {"statement-accepts"} <= EXAMPLES.keys()


def test_every_word_list_is_a_rules_or_helps_one():
    helpers = {
        "a-number",
        "contact",
        "channel",
        "the-other-side",
        "pronoun",
        "contact-when-ruled-out",
        "carrier",
        "owner-pronoun",
        "not",
        "then-again",
        "if",
        "will",
        "keep-away",
        "place",
        "place-in-other-words",
        "calendar",
    }
    assert words_for("en").lists.keys() - RULES.keys() == helpers


def test_both_languages_have_the_same_lists():
    english, welsh = (words_for(language).lists.keys() for language in LANGUAGES)
    assert english == welsh
