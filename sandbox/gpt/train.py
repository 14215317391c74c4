"""Trains a small GPT on bytes or byte pairs: `python train.py` (once: `prepare.py`).
Seed, budget and folders come from NOCTURNE_SEED, NOCTURNE_BUDGET_SECONDS, NOCTURNE_RUN_DIR and
NOCTURNE_DATA_DIR. prepare.py (data, clock, log) and score.py (grade: bits per byte) are fixed.
"""

import math
import os
import sys
from contextlib import nullcontext

import torch
import torch.nn as nn
import torch.nn.functional as F

import prepare

# --- Hyperparameters (edit these directly) ------------------------------------------------------

DEPTH = 2                  # layers; the one dial for size: width is WIDTH_PER_LAYER x DEPTH
WIDTH_PER_LAYER = 64       # width of the residual stream per layer
HEAD_DIM = 64              # width of an attention head; divides the width
MLP_RATIO = 4              # hidden width of an MLP, in widths
TOTAL_BATCH = 2**12        # tokens per step
DEVICE_BATCH = 16          # windows per pass; halved until it fits into the memory
MATRIX_LR = 0.02           # Muon's step size for the matrices of the layers
EMBED_LR = 0.3             # AdamW's step size for the embedding, scaled with width
UNEMBED_LR = 0.004         # AdamW's step size for the output matrix, scaled with width
SCALAR_LR = 0.04           # AdamW's step size for the mixing scalars
WEIGHT_DECAY = 0.0         # share of each layer matrix removed per step, times the rate
MOMENTUM = 0.95            # Muon's share of the velocity kept at each step
ADAM_BETAS = (0.8, 0.95)   # AdamW's shares of the two averages kept
WARMUP = 0.0               # fraction of the budget in which the rates rise from 0
WARMDOWN = 0.5             # fraction of the budget, at its end, in which they fall
FINAL_RATE = 0.0           # where they fall to, as a share of the peak
SOFTCAP = 15.0             # logits stay within plus and minus this
ROTARY_BASE = 10000.0      # longest wavelength of the positions
COMPILE_SECONDS = 120.0    # shortest budget for which compiling pays, on CUDA only

# --- Model --------------------------------------------------------------------------------------


def norm(x):
    """RMSNorm without weights."""
    return F.rms_norm(x, (x.size(-1),))


def rotate(x, cos, sin):
    """Turns pairs of channels by their position: x is (B, heads, T, HEAD_DIM)."""
    left, right = x.chunk(2, dim=-1)
    return torch.cat([left * cos + right * sin, right * cos - left * sin], dim=-1)


class Attention(nn.Module):
    """Causal self-attention with rotary positions and normalised queries and keys."""

    def __init__(self, width):
        super().__init__()
        self.heads = width // HEAD_DIM
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x, cos, sin):
        batch, length, width = x.shape
        q, k, v = (part.view(batch, length, self.heads, HEAD_DIM).transpose(1, 2)
                   for part in self.qkv(x).chunk(3, dim=-1))
        q, k = norm(rotate(q, cos, sin)), norm(rotate(k, cos, sin))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)      # (B, heads, T, HEAD_DIM)
        return self.out(y.transpose(1, 2).reshape(batch, length, width))


class MLP(nn.Module):
    """Two matrices with a squared ReLU between them."""

    def __init__(self, width):
        super().__init__()
        self.up = nn.Linear(width, MLP_RATIO * width, bias=False)
        self.down = nn.Linear(MLP_RATIO * width, width, bias=False)

    def forward(self, x):
        return self.down(F.relu(self.up(x)).square())


class Block(nn.Module):
    """Attention and MLP on a stream that is mixed with the embedding it began as."""

    def __init__(self, width):
        super().__init__()
        self.mix = nn.Parameter(torch.tensor([1.0, 0.1]))
        self.attention = Attention(width)
        self.mlp = MLP(width)

    def forward(self, x, x0, cos, sin):
        x = self.mix[0] * x + self.mix[1] * x0
        x = x + self.attention(norm(x), cos, sin)
        return x + self.mlp(norm(x))


class GPT(nn.Module):
    """Tokens (B, T) -> logits (B, T, vocab). score.py calls it too, so it must be causal."""

    def __init__(self, vocab, length):
        super().__init__()
        width = WIDTH_PER_LAYER * DEPTH
        self.embed = nn.Embedding(vocab, width)
        self.blocks = nn.ModuleList(Block(width) for _ in range(DEPTH))
        self.unembed = nn.Linear(width, vocab, bias=False)
        steps = torch.arange(0, HEAD_DIM, 2, dtype=torch.float32) / HEAD_DIM
        angles = torch.outer(torch.arange(length, dtype=torch.float32), ROTARY_BASE ** -steps)
        self.register_buffer("cos", angles.cos(), persistent=False)      # (T, HEAD_DIM / 2)
        self.register_buffer("sin", angles.sin(), persistent=False)

    def forward(self, tokens):
        length = tokens.size(1)
        cos, sin = self.cos[:length], self.sin[:length]
        x = x0 = norm(self.embed(tokens))
        cos, sin = cos.to(x.dtype), sin.to(x.dtype)
        for block in self.blocks:
            x = block(x, x0, cos, sin)
        logits = self.unembed(norm(x)).float()
        return SOFTCAP * torch.tanh(logits / SOFTCAP)


def build_model(vocab, length):
    """The model with its initial weights: what writes to the stream starts at zero."""
    model = GPT(vocab, length)
    spread = (3 / (WIDTH_PER_LAYER * DEPTH)) ** 0.5
    for block in model.blocks:
        nn.init.uniform_(block.attention.qkv.weight, -spread, spread)
        nn.init.uniform_(block.mlp.up.weight, -spread, spread)
        nn.init.zeros_(block.attention.out.weight)
        nn.init.zeros_(block.mlp.down.weight)
    nn.init.normal_(model.embed.weight, std=1.0)
    nn.init.normal_(model.unembed.weight, std=0.001)
    return model


# --- Optimizer and schedule ---------------------------------------------------------------------


def orthogonalise(matrix):
    """Newton-Schulz steps towards the nearest orthogonal matrix (Jordan et al. 2024, Muon)."""
    x = matrix.bfloat16() if prepare.compute_type(matrix.device) == torch.bfloat16 else matrix.float()
    is_tall = x.size(-2) > x.size(-1)
    x = x.mT if is_tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        gram = x @ x.mT
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return (x.mT if is_tall else x).to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised, for matrices; equal shapes are done together."""

    def __init__(self, matrices, lr):
        super().__init__(matrices, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for matrix in group["params"]:
                if matrix.grad is not None:
                    shapes.setdefault(matrix.shape, []).append(matrix)
            for shape, matrices in shapes.items():
                velocities = []
                for matrix in matrices:
                    velocity = self.state[matrix].setdefault("velocity", torch.zeros_like(matrix))
                    velocity.lerp_(matrix.grad, 1 - MOMENTUM)
                    velocities.append(matrix.grad.lerp(velocity, MOMENTUM))
                updates = orthogonalise(torch.stack(velocities))
                rate = group["lr"] * max(1.0, shape[0] / shape[1]) ** 0.5
                for matrix, change in zip(matrices, updates):
                    matrix.mul_(1 - group["lr"] * WEIGHT_DECAY).add_(change, alpha=-rate)


def build_optimizers(model):
    """Muon for the layers' matrices, AdamW for the rest; rates fall with the root of the width."""
    scale = (WIDTH_PER_LAYER * DEPTH / 768) ** -0.5
    matrices = [each for each in model.blocks.parameters() if each.ndim == 2]
    scalars = [each for each in model.blocks.parameters() if each.ndim < 2]
    groups = [{"params": [model.embed.weight], "lr": EMBED_LR * scale},
              {"params": [model.unembed.weight], "lr": UNEMBED_LR * scale},
              {"params": scalars, "lr": SCALAR_LR}]
    adam = torch.optim.AdamW(groups, betas=ADAM_BETAS, eps=1e-10, weight_decay=0.0)
    optimizers = [adam, Muon(matrices, lr=MATRIX_LR)]
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return optimizers


def rate_at(done):
    """The share of the peak rates when `done` (0 to 1) of the budget is used up."""
    if done < WARMUP:
        return done / WARMUP
    if done <= 1.0 - WARMDOWN:
        return 1.0
    left = (1.0 - done) / WARMDOWN
    return left + (1.0 - left) * FINAL_RATE


# --- Setup --------------------------------------------------------------------------------------


def check_constants(length):
    width = WIDTH_PER_LAYER * DEPTH
    assert width % HEAD_DIM == 0, f"HEAD_DIM must divide the width {width}, found {HEAD_DIM}"
    assert HEAD_DIM % 2 == 0, f"HEAD_DIM must be even, found {HEAD_DIM}"
    assert TOTAL_BATCH % length == 0, f"TOTAL_BATCH must be a multiple of {length}, the window"
    rows = TOTAL_BATCH // length
    assert rows >= 1, f"TOTAL_BATCH must be at least {length}, the window"
    assert DEVICE_BATCH >= 1, f"DEVICE_BATCH must be at least 1, found {DEVICE_BATCH}"
    assert 0.0 <= WARMUP < 1.0, f"WARMUP must be at least 0 and below 1, found {WARMUP}"
    assert 0.0 < WARMDOWN <= 1.0, f"WARMDOWN must be above 0 and at most 1, found {WARMDOWN}"
    assert WARMUP + WARMDOWN <= 1.0, "WARMUP and WARMDOWN must not add up to more than 1"
    return rows


def loss_of(model, inputs, targets):
    """Mean nats per token."""
    logits = model(inputs)
    return F.cross_entropy(logits.view(-1, logits.size(-1)), targets.reshape(-1))


def fit_batch(model, rows, length, autocast, device):
    """Windows per pass: DEVICE_BATCH, halved until a pass there and back fits into the memory."""
    size = math.gcd(rows, 1 << (DEVICE_BATCH.bit_length() - 1))
    while device.type == "cuda":
        try:
            tokens = torch.zeros((size, length), dtype=torch.long, device=device)
            with autocast():
                loss = loss_of(model, tokens, tokens)
            loss.backward()
            break
        except torch.OutOfMemoryError:
            if size == 1:
                raise
            size //= 2
        finally:
            model.zero_grad(set_to_none=True)
            torch.cuda.empty_cache()
    return size


def flops_per_token(model, length):
    """Forward and backward: six for each weight, and attention's share (PaLM, appendix B)."""
    weights = sum(each.numel() for each in model.parameters()) - model.embed.weight.numel()
    return 6 * weights + 12 * DEPTH * WIDTH_PER_LAYER * DEPTH * length


# --- Loop ---------------------------------------------------------------------------------------


def main():
    device = prepare.find_device()
    torch.manual_seed(prepare.SEED)
    torch.set_float32_matmul_precision("high")
    tokens, manifest = prepare.load_train(device)
    vocab, length = manifest["vocab"], manifest["seq_len"]
    rows = check_constants(length)
    kind = prepare.compute_type(device)

    def autocast():
        return nullcontext() if kind == torch.float32 else torch.autocast(device.type, dtype=kind)

    model = build_model(vocab, length).to(device)
    optimizers = build_optimizers(model)
    # float16 has few exponents: without a scaler small gradients vanish.
    scaler = torch.amp.GradScaler(device.type, enabled=kind == torch.float16)
    size = fit_batch(model, rows, length, autocast, device)
    passes = rows // size
    pays = device.type == "cuda" and prepare.BUDGET_SECONDS >= COMPILE_SECONDS
    forward = torch.compile(model, dynamic=False) if pays else model
    generator = torch.Generator(device=device).manual_seed(prepare.SEED)
    log = prepare.ProgressLog()
    step = 0
    done = prepare.progress()
    while done < 1.0:
        total = torch.zeros((), device=device)
        for _ in range(passes):
            inputs, targets = prepare.sample_batch(tokens, generator, size, length)
            with autocast():
                loss = loss_of(forward, inputs, targets) / passes
            scaler.scale(loss).backward()
            total += loss.detach()
        loss_now = total.item()
        if not loss_now <= 100.0:     # written so that NaN fails too
            print(f"FAIL loss={loss_now} at step {step}: training diverged", flush=True)
            sys.exit(1)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate_at(done)
            scaler.step(optimizer)
        scaler.update()
        model.zero_grad(set_to_none=True)
        step += 1
        log.add(step, loss_now, done)
        done = prepare.progress()
    seconds = prepare.training_seconds()
    counted = max(1, step - prepare.UNCOUNTED_STEPS) * TOTAL_BATCH
    prepare.save_weights(model)
    prepare.print_summary(seconds, step, counted, step * TOTAL_BATCH, model, flops_per_token(model, length))


if __name__ == "__main__":
    main()
