"""A real training in scikit-learn: boosted trees with ten knobs on its breast cancer data; a seed draws the rows and the splits."""
import numpy as np

from training import Training


class BoostedTrees(Training):
    true_seeds = range(900001, 900011)
    defaults = dict(
        LEARNING_RATE=0.1, TREES=20, DEPTH=3, LEAF=1, SPLIT=2, SUBSAMPLE=1.0, FEATURES=1.0, LEAF_NODES=8, IMPURITY=0.001,
        PRUNING=0.001,
    )
    space = dict(
        LEARNING_RATE=("log", 0.01, 1.0), TREES=("int log", 5, 80), DEPTH=("int", 1, 8), LEAF=("int log", 1, 50),
        SPLIT=("int log", 2, 100), SUBSAMPLE=("float", 0.3, 1.0), FEATURES=("float", 0.05, 1.0),
        LEAF_NODES=("int log", 2, 64), IMPURITY=("log", 1e-6, 0.1), PRUNING=("log", 1e-6, 0.1),
    )
    far_end = 0.1205

    def __init__(self):
        from sklearn.datasets import load_breast_cancer

        x, y = load_breast_cancer(return_X_y=True)
        order = np.random.RandomState(0).permutation(len(x))
        x, y = x[order], y[order]
        self.train, self.test = (x[:250], y[:250]), (x[250:], y[250:])

    def value(self, c, seed):
        from sklearn.ensemble import GradientBoostingClassifier
        from sklearn.metrics import log_loss

        rng = np.random.RandomState(seed % 2**32)
        x, y = self.train
        rows = rng.permutation(len(x))[:200]
        model = GradientBoostingClassifier(
            learning_rate=c["LEARNING_RATE"], n_estimators=c["TREES"], max_depth=c["DEPTH"], min_samples_leaf=c["LEAF"],
            min_samples_split=c["SPLIT"], subsample=c["SUBSAMPLE"], max_features=c["FEATURES"],
            max_leaf_nodes=c["LEAF_NODES"], min_impurity_decrease=c["IMPURITY"], ccp_alpha=c["PRUNING"], random_state=rng,
        )
        model.fit(x[rows], y[rows])
        guess = model.predict_proba(self.test[0])
        return float(min(log_loss(self.test[1], np.clip(guess, 1e-7, 1 - 1e-7)), 5.0))
