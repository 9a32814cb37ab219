"""The question beside the network: asked, answered by a click, and left for the next one."""

from typing import Any

from rnn_demo.app.inside import question_words, session
from rnn_demo.app.inside.session import Answered
from rnn_demo.app.text import _
from rnn_demo.inside import cards, initial_payload
from rnn_demo.inside.question import Question


def shown() -> dict[str, Any] | None:
    """The question as the component shows it, with its verdict once it is answered.

    None if there is no question about the state on screen. See `component.show_network`.
    """
    if (answered := session.answered()) is not None:
        return _shown(answered.question, answered.turn) | {
            "verdict": {
                "right": answered.chosen == answered.answer.choice,
                "text": _verdict(answered),
            },
            "next": _next_label(answered),
        }
    questions = _questions()
    if not questions:
        return None
    at = _asked(questions)
    return _shown(questions[at], (at, len(questions)))


def answer(chosen: object) -> None:
    """Take an answer: the network changes, and its numbers decide. Anything else is ignored."""
    questions = _questions()
    if not questions or session.answered():
        return
    at = _asked(questions)
    if chosen in questions[at].choices:
        session.answer(questions[at], str(chosen), (at, len(questions)))


def go_on() -> None:
    """Take the change of the question back; go to the next card or the next question."""
    answered = session.answered()
    if answered is None:
        return
    session.take_answer_back()
    if card := cards.next_card(session.place()):
        session.choose(card.id)
    elif not cards.card_at(session.place()):
        at, n = answered.turn
        session.ask(_questions()[(at + 1) % n].id)


def _questions() -> list[Question]:
    """The questions about the state on screen: a card has one, the tutorial's networks have all."""
    place = session.place()
    if place == cards.FIRST_PLACE and session.now() == initial_payload.STATE:
        return [initial_payload.QUESTION]
    from rnn_demo.inside import quiz  # imports torch

    now, card = session.computation(), cards.card_at(place)
    if card is None:
        return quiz.questions(now)
    question = quiz.question_of(now, card.question_id)
    return [question] if question else []


def _asked(questions: list[Question]) -> int:
    """Which of the questions is asked; the first one if it is no longer among them."""
    return next((i for i, it in enumerate(questions) if it.id == session.asked()), 0)


def _shown(question: Question, turn: tuple[int, int]) -> dict[str, Any]:
    text = question_words.question_text(question)
    at, n = turn
    if n > 1:
        text = _("Question {number} of {n}: {question}").format(number=at + 1, n=n, question=text)
    return {
        "id": question.id,
        "text": text,
        "choices": [
            {"id": choice, "label": question_words.choice_text(choice)}
            for choice in question.choices
        ],
        "verdict": None,
        "next": None,
    }


def _verdict(answered: Answered) -> str:
    """Whether the visitor was right and why; after the last question it says so."""
    text = question_words.verdict(answered.chosen, answered.answer)
    at, n = answered.turn
    if cards.card_at(session.place()):
        is_last = cards.next_card(session.place()) is None
        last = _("This was the last card.")
    else:
        is_last = at == n - 1
        last = _("This was the last question about this network.")
    return f"{text} {last}" if is_last else text


def _next_label(answered: Answered) -> str:
    """The button that takes the change back and goes on."""
    card = cards.next_card(session.place())
    if card:
        return _("Next: {title}").format(title=_(card.title))
    if cards.card_at(session.place()):
        return _("Take the change back")
    at, n = answered.turn
    return _("Next question") if at < n - 1 else _("Start again with the first question")
