"""A real training in torch: a small convolutional network with eleven knobs on scikit-learn's digits, for a fixed number of examples."""
import math

from training import Training, digits

EXAMPLES = 3500


class Convolution(Training):
    metric = "val_loss"
    defaults = dict(
        LEARNING_RATE=0.001, OPTIMIZER="adam", MOMENTUM=0.8, WEIGHT_DECAY=0.0, BATCH_SIZE=64, CHANNELS=8, LAYERS=2, DROPOUT=0.3,
        WARMUP=0.0, SCHEDULE="constant", ACTIVATION="tanh",
    )
    space = dict(
        LEARNING_RATE=("log", 1e-4, 0.3), OPTIMIZER=("choice", "sgd", "adam", "adamw"), MOMENTUM=("float", 0.0, 0.98),
        WEIGHT_DECAY=("0 or log", 1e-5, 0.1), BATCH_SIZE=("pow2", 8, 256), CHANNELS=("int log", 4, 32), LAYERS=("int", 1, 3),
        DROPOUT=("float", 0.0, 0.6), WARMUP=("float", 0.0, 0.3), SCHEDULE=("choice", "constant", "linear", "cosine"),
        ACTIVATION=("choice", "tanh", "relu", "gelu"),
    )
    far_end = 0.0495

    def __init__(self):
        import torch

        torch.set_num_threads(1)
        self.train, self.test = [
            (torch.tensor(x, dtype=torch.float32).reshape(-1, 1, 8, 8), torch.tensor(y)) for x, y in digits()
        ]

    def network(self, c):
        from torch import nn

        activation = dict(tanh=nn.Tanh, relu=nn.ReLU, gelu=nn.GELU)[c["ACTIVATION"]]
        layers, channels = [], 1
        for _ in range(c["LAYERS"]):
            layers += [nn.Conv2d(channels, c["CHANNELS"], 3, padding=1), activation()]
            channels = c["CHANNELS"]
        return nn.Sequential(
            *layers, nn.AvgPool2d(2), nn.Flatten(), nn.Dropout(c["DROPOUT"]), nn.Linear(channels * 16, 10)
        )

    def optimizer(self, c, parameters):
        from torch import optim

        usual = dict(lr=c["LEARNING_RATE"], weight_decay=c["WEIGHT_DECAY"])
        if c["OPTIMIZER"] == "sgd":
            return optim.SGD(parameters, momentum=c["MOMENTUM"], **usual)
        return (optim.Adam if c["OPTIMIZER"] == "adam" else optim.AdamW)(parameters, betas=(float(c["MOMENTUM"]), 0.99), **usual)

    def value(self, c, seed):
        import torch
        from torch.nn.functional import cross_entropy

        torch.manual_seed(seed % 2**63)
        images, labels = self.train
        network = self.network(c)
        optimizer = self.optimizer(c, network.parameters())
        steps = EXAMPLES // c["BATCH_SIZE"]
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = c["LEARNING_RATE"] * share_of_peak(c, step / steps)
            drawn = torch.randint(len(images), (c["BATCH_SIZE"],))
            loss = cross_entropy(network(images[drawn]), labels[drawn])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        network.eval()
        with torch.no_grad():
            graded = float(cross_entropy(network(self.test[0]), self.test[1]))
        return min(graded, 5.0) if math.isfinite(graded) else None


def share_of_peak(c, done):
    """The share of the learning rate after this share of the steps."""
    if done < c["WARMUP"]:
        return done / c["WARMUP"]
    left = (1 - done) / (1 - c["WARMUP"])
    return {"constant": 1.0, "linear": left, "cosine": 0.5 - 0.5 * math.cos(math.pi * left)}[c["SCHEDULE"]]
