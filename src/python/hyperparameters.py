"""What the Gaussian process takes for possible: draws of its length scales, its scale and its noise, beside the fitted ones.

The likeliest set alone is too sure of itself: which of a dozen knobs matter, forty trials do not tell, and a knob that no trial
turned would count as one that does little. So what is expected of a point is the mean of what several sets expect of it (Snoek et
al., Practical Bayesian Optimization of Machine Learning Algorithms, NIPS 2012), drawn from their posterior by slice sampling (Neal,
Annals of Statistics 31, 2003) along one logarithm after the other.
"""
import copy
import math

# Sets that are drawn. The posterior narrows with the trials, and the time of a draw grows with the square of their number.
DRAWS = 6
MOST_ROWS = 150
# Length of the interval in which a step looks first, in natural logarithms, and how often what lies below the slice shortens it.
WIDTH = 3.0
MOST_SHRINKS = 20
# Mean and standard deviation of the logarithm of an inverse squared length scale: from a tenth to twice of a range, mostly.
SCALE_MEAN, SCALE_DEVIATION = 1.4, 1.5
# Rate of the prior of the noise's share in the variance of the scores. Optuna's 30 takes half of it for impossible.
NOISE_RATE = 4
# The least noise that Optuna fits.
LEAST_NOISE = 1e-6


def log_prior(regressor):
    """The prior of the covariance, with a noise that may be as large as the signal."""
    import torch

    def gamma(value, shape, rate):
        return (shape - 1) * torch.log(value) - rate * value

    scales = -(((torch.log(regressor.inverse_squared_lengthscales) - SCALE_MEAN) / SCALE_DEVIATION) ** 2 / 2).sum()
    return scales + gamma(regressor.kernel_scale, 2, 1) + gamma(regressor.noise_var, 1.1, NOISE_RATE)


def possible_models(fitted, rng):
    """The fitted regressor and others with drawn hyperparameters; that alone where many trials leave little doubt."""
    import torch

    if len(fitted._X_train) > MOST_ROWS:
        return [fitted]
    models = [fitted]
    with torch.no_grad():
        place = logarithms(fitted)
        height = log_posterior(fitted, place)
        for _ in range(DRAWS):
            for axis in rng.permutation(len(place)):
                place, height = slice_step(fitted, place, height, axis, rng)
            models.append(prepared(fitted, place))
    return models


def logarithms(regressor):
    import torch

    noise = (regressor.noise_var - LEAST_NOISE).clamp_min(1e-9)
    parts = [regressor.inverse_squared_lengthscales, regressor.kernel_scale.reshape(1), noise.reshape(1)]
    return torch.log(torch.cat(parts)).detach()


def model_at(fitted, place):
    """The same regressor with the hyperparameters whose logarithms are these, before it has computed anything."""
    import torch

    model = copy.copy(fitted)
    model.inverse_squared_lengthscales = torch.exp(place[:-2])
    model.kernel_scale = torch.exp(place[-2])
    model.noise_var = torch.exp(place[-1]) + LEAST_NOISE
    model._cov_Y_Y_chol = model._cov_Y_Y_inv_Y = None
    return model


def prepared(fitted, place):
    """The same, ready for questions; what is in flight is known to it as it is to the fitted one."""
    model = model_at(fitted, place)
    rows = len(model._X_train)
    model._X_all, model._y_all = model._X_train, model._y_train
    model._cache_matrix()
    running = getattr(fitted, "_X_all", model._X_train)[rows:]
    if len(running) > 0:
        model.append_running_data(running, fitted._y_all[rows:].reshape(-1))
    return model


def log_posterior(fitted, place):
    """Of the logarithms, but for a constant; minus infinity where the covariance has no factor."""
    import torch

    model = model_at(fitted, place)
    try:
        return float(model.marginal_log_likelihood() + log_prior(model))
    except torch.linalg.LinAlgError:
        return -math.inf


def slice_step(fitted, place, height, axis, rng):
    """A draw along one axis from where the posterior is above a level drawn below the present height."""
    level = height + math.log(1 - rng.uniform())
    now = float(place[axis])
    low = now - WIDTH * rng.uniform()
    high = low + WIDTH
    for _ in range(MOST_SHRINKS):
        tried = place.clone()
        tried[axis] = low + (high - low) * rng.uniform()
        reached = log_posterior(fitted, tried)
        if reached >= level:
            return tried, reached
        low, high = (float(tried[axis]), high) if tried[axis] < now else (low, float(tried[axis]))
    return place, height


class Mixture:
    """Several models as one: their mean, and their variance with that between them."""

    def __init__(self, models):
        self.models = models
        self.fitted = models[0]

    def posterior(self, points, joint=False):
        """Means and variances at these points, or their covariance, as numpy arrays."""
        import torch

        with torch.no_grad():
            parts = [model.posterior(torch.from_numpy(points), joint=joint) for model in self.models]
        means = torch.stack([mean for mean, _ in parts])
        within = torch.stack([spread for _, spread in parts]).mean(0)
        mean = means.mean(0)
        off = means - mean
        between = (off[:, :, None] * off[:, None, :]).mean(0) if joint else (off**2).mean(0)
        return mean.numpy(), (within + between).numpy()

    def integrate(self, acqf, seed):
        """Lets an acquisition function that is the logarithm of an expectation say that of the mean over the models.

        Over fewer of them with runs in flight, whose outcomes it samples: each answer then takes as many times as long.
        """
        import torch

        inner = getattr(acqf, "_acqf", acqf)
        running = 0 if hasattr(inner, "_gpr") else len(inner._cond_gpr._X_running)
        models = self.models[: max(1, len(self.models) // (1 + running))]
        if len(models) == 1:
            return
        parts = [asked_of(inner, model, seed) for model in models]

        def eval_acqf(points):
            for part in parts:
                part._threshold = inner._threshold
            return torch.logsumexp(torch.stack([part.eval_acqf(points) for part in parts]), 0) - math.log(len(parts))

        inner.eval_acqf = eval_acqf


def asked_of(acqf, model, seed):
    """The same acquisition function of another model."""
    other = copy.copy(acqf)
    if hasattr(acqf, "_gpr"):
        other._gpr = model
        return other
    # With runs in flight it draws what they may bring from the model.
    given = acqf._cond_gpr
    other._cond_gpr = type(given)(
        gpr=model, X_running=given._X_running, n_qmc_samples=acqf._per_sample_log_util_shape[0], qmc_seed=seed,
        stabilizing_noise=given._stabilizing_noise,
    )
    return other
