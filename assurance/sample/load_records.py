"""Rows of cases, returns and training."""

from assurance.sample.load_recommendations import load_recommendations
from assurance.sample.load_requests import load_requests, plan_next_request
from assurance.sample.load_returns import load_returns
from assurance.sample.load_reviews import load_reviews
from assurance.sample.load_scrutiny import load_scrutiny
from assurance.sample.load_standards import load_standards
from assurance.sample.load_training import load_training
from assurance.sample.load_training_answers import load_answers
from assurance.sample.load_training_needs import load_training_needs


def load_records(cast):
    load_reviews(cast)
    load_recommendations(cast)
    load_requests(cast)
    load_returns(cast)
    load_standards(cast)
    load_scrutiny(cast)
    plan_next_request(cast)
    load_training(cast)
    load_answers(cast)
    load_training_needs(cast)
