"""The covariance of the Gaussian process: half of it is a sum with one term for each knob.

Most of what knobs do each does alone, and few trials of a dozen knobs tell that long before they tell what all do together:
what has been learned of one knob then holds wherever the others are (Duvenaud et al., Additive Gaussian Processes, NIPS 2011).
"""

# Share of the covariance that is the sum; the rest is Optuna's own kernel, of all knobs together.
ADDITIVE = 0.5


def kernel(self, X1=None, X2=None):
    """In the place of Optuna's `GPRegressor.kernel`, whose parameters it has: a knob has one length scale for both parts."""
    import torch
    from optuna._gp.gp import Matern52Kernel

    if X1 is None:
        squares = self._squared_X_diff
    else:
        X2 = self._X_train if X2 is None else X2
        squares = (X1 - X2 if X1.ndim == 1 else X1.unsqueeze(-2) - X2.unsqueeze(-3)).square_()
        if self._is_categorical.any():
            squares[..., self._is_categorical] = (squares[..., self._is_categorical] > 0.0).type(torch.float64)
    scaled = squares * self.inverse_squared_lengthscales
    alone = Matern52Kernel.apply(scaled).mean(-1)
    together = Matern52Kernel.apply(scaled.sum(-1))
    return (ADDITIVE * alone + (1 - ADDITIVE) * together) * self.kernel_scale
