"""Writes ../estimators.json: a random log, and its value by zr-obp 0.5.7.

    pip download obp==0.5.7 --no-deps --ignore-requires-python && tar xzf obp-0.5.7.tar.gz
    pip install numpy pandas scikit-learn
    PYTHONPATH=obp-0.5.7 python estimators.py

Of obp only the estimators run. Its package imports all that it offers, torch included: here, empty
packages and an empty torch stand in for what the estimators do not use.
"""

import importlib.machinery
import json
import pathlib
import sys
import types

import numpy as np

obp = next(path for path in map(pathlib.Path, sys.path) if (path / "obp/ope/estimators.py").exists())
for name in ["obp", "obp.ope"]:
    package = types.ModuleType(name)
    package.__path__ = [str(obp / name.replace(".", "/"))]
    sys.modules[name] = package
torch = types.ModuleType("torch")
torch.__spec__ = importlib.machinery.ModuleSpec("torch", None)
torch.Tensor = torch.tensor = type("Tensor", (), {})
sys.modules["torch"] = torch

from obp.ope import estimators  # noqa: E402

ROUNDS, ACTIONS, LAMBDAS = 200, 7, [0.0, 0.5, 10.0, 1e6]
rng = np.random.default_rng(20)


def distribution(temperature):
    logits = np.exp(temperature * rng.normal(size=(ROUNDS, ACTIONS)))
    # Few digits keep the file small; zr-obp wants sums of one to 1e-5, which leaves them other than one.
    rounded = np.round(logits / logits.sum(axis=1, keepdims=True), 6)
    return np.maximum(rounded, 1e-6)


logging = distribution(1.2)
action_dist = distribution(2.0)
q_hat = np.round(rng.uniform(-0.2, 1.2, size=(ROUNDS, ACTIONS)), 4)
action = np.array([rng.choice(ACTIONS, p=p / p.sum()) for p in logging])
reward = np.round(rng.normal(0.5 * q_hat[np.arange(ROUNDS), action], 0.5), 4)
pscore = logging[np.arange(ROUNDS), action]
# A round of a deterministic policy that chose otherwise, and one that chose the same.
action_dist[:2] = 0.0
action_dist[0, (action[0] + 1) % ACTIONS] = 1.0
action_dist[1, action[1]] = 1.0

inputs = {
    "reward": reward,
    "action": action,
    "pscore": pscore,
    "action_dist": action_dist[:, :, None],
    "estimated_rewards_by_reg_model": q_hat[:, :, None],
    "position": np.zeros(ROUNDS, dtype=int),
}


def estimate(name, estimator, lambda_=None):
    # For λ = 0 a weight of zero is shrunk to 0 / 0 in zr-obp; in the limit it is zero.
    with np.errstate(invalid="ignore"):
        rounds = estimator._estimate_round_rewards(**inputs)
    undefined = np.isnan(rounds)
    if undefined.any():
        assert name == "dr_os" and lambda_ == 0.0, name
        rounds = np.where(undefined, direct, rounds)
    else:
        np.testing.assert_allclose(estimator.estimate_policy_value(**inputs), rounds.mean(), rtol=1e-14)
    return {"name": name, "lambda": lambda_, "value": rounds.mean(), "rounds": rounds[:5].tolist()}


direct = estimators.DirectMethod()._estimate_round_rewards(**inputs)
estimates = [
    estimate("ipw", estimators.InverseProbabilityWeighting()),
    estimate("snipw", estimators.SelfNormalizedInverseProbabilityWeighting()),
    estimate("dm", estimators.DirectMethod()),
    estimate("dr", estimators.DoublyRobust()),
    estimate("sndr", estimators.SelfNormalizedDoublyRobust()),
]
for name, estimator in [
    ("switch_dr", estimators.SwitchDoublyRobust),
    ("dr_os", estimators.DoublyRobustWithShrinkage),
]:
    estimates += [estimate(name, estimator(lambda_=lambda_), lambda_) for lambda_ in LAMBDAS]

golden = {
    "actions": ACTIONS,
    "lambdas": LAMBDAS,
    "action": action.tolist(),
    "reward": reward.tolist(),
    "pscore": pscore.tolist(),
    "action_dist": action_dist.ravel().tolist(),
    "q_hat": q_hat.ravel().tolist(),
    "estimates": estimates,
}
path = pathlib.Path(__file__).resolve().parent.parent / "estimators.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
