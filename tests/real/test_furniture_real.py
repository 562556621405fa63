"""Furniture rules on real news that is not part of the kit."""

import json

import framing as fr
from framing.corpus.furniture import furniture_kind


def sentences(texts):
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    return [sentence for line in lines for sentence in fr.split_sentences(line)]


def test_sentences_of_the_news_are_not_furniture(real_data):
    syria = fr.read_articles(real_data / "fa_kes" / "FA-KES-Dataset.csv").articles["text"]
    climate = fr.read_articles(real_data / "narrative_framing" / "articles_metadata.tsv").articles
    prose = sentences([*syria, *climate["text"]])
    flagged = [sentence for sentence in prose if furniture_kind(sentence)]
    assert len(prose) > 15_000
    # 129 of 21,176 when last read: links, credits and author notes, glued to the texts as scraped
    assert len(flagged) < 0.01 * len(prose)


def test_texts_of_one_line_are_left_alone(real_data):
    syria = fr.read_articles(real_data / "fa_kes" / "FA-KES-Dataset.csv").articles
    assert fr.find_boilerplate(syria).empty


def test_extracted_articles_lose_next_to_nothing(real_data):
    path = real_data / "article_extraction_benchmark" / "ground-truth.json"
    articles = fr.read_articles(path).articles.dropna(subset="text")
    found = fr.find_boilerplate(articles)
    n_lines = sum(bool(line.strip()) for text in articles["text"] for line in text.split("\n"))
    assert len(articles) == len(json.loads(path.read_text(encoding="utf-8"))) == 181
    assert len(found) < 0.02 * n_lines


def test_what_a_database_prints_in_every_text_is_found(real_data):
    articles = fr.read_articles(real_data / "immigrationnews" / "articles.jsonl.gz").articles
    n_with = fr.find_boilerplate(articles).groupby("rule")["doc_id"].nunique()
    assert n_with["database frame"] > 0.95 * len(articles)
