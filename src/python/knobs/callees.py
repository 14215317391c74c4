"""Which calls shape a training, and which of their arguments a search may turn.

Constructors of models, optimisers, schedulers, losses, estimators and loaders, and calls that fit or train. Never a
size that another line must agree with, such as `out_features`: setting one alone breaks the model.
"""
import re

# What belongs to the machine, the output or the seed, by the words of a keyword.
NEVER_WORDS = set(
    "seed state jobs thread threads nthread workers verbose verbosity silent log logging save saving dir path file name device devices "
    "gpu gpus pin dtype print callbacks callback eval evaluation report project workspace tags token url resume checkpoint "
    "checkpointing push hub wandb progress overwrite remove cache".split()
)
NEVER = set(
    "random_state n_jobs pin_memory persistent_workers prefetch_factor num_class num_classes n_classes classes objective eval_metric "
    "metric metrics cat_features enable_categorical use_label_encoder allow_writing_files validation_split validation_data shuffle "
    "drop_last return_sequences return_state input_shape input_dim inplace batch_first bias affine track_running_stats probability "
    "warm_start oob_score copy_x copy include_top trainable weights pretrained num_labels vocab_size vocab foreach fused "
    "capturable differentiable maximize reduction ignore_index size_average from_logits axis dim keepdims last_epoch task_type "
    "do_train do_predict load_best_model_at_end greater_is_better ddp_find_unused_parameters exist_ok data model id mode "
    "strategy accelerator num_nodes precision fp16 bf16 tf32 task_type task prediction_loss_only num_channels in_channels channels_in "
    "out_channels in_features out_features input_size output_size hidden_size embedding_dim num_embeddings d_model nhead "
    "num_features normalized_shape kernel_size stride padding dilation groups start_index end_index scoring cv refit importance_type "
    "tree_method predictor gpu_id device_type grow_policy missing base_score n_features_in use_cache local_rank deepspeed fsdp label_names "
    "dataset_text_field packing max_model_len trust_remote_code force_row_wise force_col_wise snapshot_freq is_unbalance "
    "eval_freq print_period period save_period disp iprint keep_training_booster feature_name categorical_feature".split()
)

TRANSFORM = set(
    "p degrees brightness contrast saturation hue sigma magnitude num_ops num_magnitude_bins rotation_range zoom_range "
    "width_shift_range height_shift_range shear_range horizontal_flip vertical_flip factor alpha".split()
)
LAYER = set(
    "p dropout num_layers dim_feedforward norm_first negative_slope alpha momentum activation rate dropout_rate drop_rate "
    "recurrent_dropout units filters num_heads key_dim drop_path_rate drop_path l1 l2 stddev".split()
)
CLIP = {"max_norm", "clip_value", "norm_type"}

# Longest prefix wins; None shapes nothing.
MODULES = {
    "sklearn": "estimator", "sklearn.model_selection": None, "sklearn.metrics": None, "sklearn.datasets": None, "sklearn.utils": None,
    "sklearn.inspection": None, "sklearn.base": None, "sklearn.set_config": None,
    "xgboost": "estimator", "lightgbm": "estimator", "catboost": "estimator", "imblearn": "estimator", "ngboost": "estimator",
    "xgboost.DMatrix": None, "xgboost.QuantileDMatrix": None, "lightgbm.Dataset": None, "catboost.Pool": None,
    "xgboost.callback": "layer", "lightgbm.early_stopping": "estimator", "lightgbm.log_evaluation": None,
    "xgboost.plot_importance": None, "lightgbm.plot_importance": None, "imblearn.metrics": None,
    "cuml": "estimator", "pytorch_tabnet": "estimator", "interpret.glassbox": "estimator", "implicit": "estimator",
    "surprise": "estimator", "surprise.model_selection": None, "surprise.Dataset": None, "surprise.Reader": None,
    "gensim.models": "estimator", "fasttext": "estimator", "prophet": "estimator", "lightfm": "estimator", "umap": "estimator",
    "hdbscan": "estimator", "rgf": "estimator", "statsmodels.tsa": "estimator",
    "torch.optim": "optimiser", "torch_optimizer": "optimiser", "bitsandbytes.optim": "optimiser", "apex.optimizers": "optimiser",
    "timm.optim": "optimiser", "timm.scheduler": "optimiser", "lion_pytorch": "optimiser", "prodigyopt": "optimiser",
    "schedulefree": "optimiser", "optax": "optimiser", "mlx.optimizers": "optimiser", "jax.example_libraries.optimizers": "optimiser",
    "flax.optim": "optimiser", "muon": "optimiser", "paddle.optimizer": "optimiser", "transformers.optimization": "optimiser",
    "tensorflow.keras.optimizers": "optimiser", "keras.optimizers": "optimiser", "tf_keras.optimizers": "optimiser",
    "tensorflow.train": "optimiser", "tensorflow.compat.v1.train": "optimiser", "deepspeed.ops": "optimiser",
    "torch.utils.data": "loader", "torch_geometric.loader": "loader", "torch_geometric.data": "loader", "dgl.dataloading": "loader",
    "torch.nn": "layer", "torch.nn.utils": "clip", "torch.nn.functional": "function", "torch.nn.init": None,
    "torch_geometric.nn": "layer", "mlx.nn": "layer", "flax.linen": "layer", "flax.nnx": "layer", "equinox.nn": "layer", "haiku": "layer",
    "paddle.nn": "layer", "timm.create_model": "layer", "timm.models": "layer", "timm.loss": "loss", "timm.data.Mixup": "own",
    "torchvision.transforms": "transform", "torchvision.ops": None, "torchvision.models": "layer", "albumentations": "transform",
    "tensorflow.keras.layers": "layer", "keras.layers": "layer", "tf_keras.layers": "layer", "tensorflow.layers": "layer",
    "tensorflow.keras.losses": "loss", "keras.losses": "loss", "tensorflow.keras.regularizers": "all", "keras.regularizers": "all",
    "tensorflow.keras.callbacks": "callback", "keras.callbacks": "callback", "tensorflow.keras.preprocessing": "transform",
    "keras.preprocessing": "transform", "tensorflow.keras.applications": "layer", "keras.applications": "layer",
    "peft": "config", "trl": "config", "transformers": "config", "accelerate.Accelerator": "config", "sentence_transformers": "config",
    "setfit": "config", "pytorch_lightning": "config", "lightning": "config", "lightning.pytorch": "config", "diffusers": "config",
    "pytorch_lightning.callbacks": "callback", "lightning.pytorch.callbacks": "callback", "unsloth": "config",
    "pytorch_lightning.loggers": None, "lightning.pytorch.loggers": None,
    "stable_baselines3": "config", "sb3_contrib": "config", "stable_baselines3.common": None, "ultralytics": "config",
    "fastai": "config", "monai.losses": "loss", "monai.networks": "layer", "autogluon": "config", "tianshou": "config",
}

# Names that say enough where the module does not, as after `from common import *`.
BARE = {
    "optimiser": set("SGD Adam AdamW Adamax NAdam RAdam RMSprop RMSProp Adagrad Adadelta Lion Muon LBFGS Adafactor LAMB Lamb "
                     "Ranger AdaBelief Sophia SophiaG StepLR MultiStepLR ExponentialLR CosineAnnealingLR OneCycleLR CyclicLR "
                     "ReduceLROnPlateau LinearLR PolynomialLR LambdaLR CosineAnnealingWarmRestarts".split()),
    "loader": {"DataLoader", "InfiniteDataLoader"},
    "estimator": set("XGBClassifier XGBRegressor XGBRanker LGBMClassifier LGBMRegressor LGBMRanker CatBoostClassifier CatBoostRegressor "
                     "CatBoost RandomForestClassifier RandomForestRegressor LogisticRegression SVC SVR Ridge Lasso ElasticNet "
                     "GradientBoostingClassifier GradientBoostingRegressor KNeighborsClassifier MLPClassifier MLPRegressor".split()),
    "layer": {"Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "DropPath"},
}
OWN_CLASS = re.compile(r"(Classifier|Regressor|Optimi[sz]er|Scheduler|Net|Network|Model|Transformer|Encoder|Decoder|GPT|LSTM|GRU|RNN|CNN|MLP"
                       r"|ResNet|UNet|ViT|VAE|GAN|Agent|Policy|Trainer|Learner|Config|Cfg|Args|Arguments|HParams)\d*$")
LOSS_CLASS = re.compile(r"Loss\d*$")
OWN_FUNCTION = re.compile(r"(?i)^((build|create|make|get|init|new)_?(a_)?(\w+_)?(model|net|network|optim|optimi[sz]er|scheduler|loss|criterion)"
                          r"|(run_?)?(train|fit)(ing)?(_(a_)?(model|net|network|loop|epoch|one_epoch|classifier|regressor|and_\w+))?)$")
FITS = {"fit": "fit", "fit_transform": None, "fit_one_cycle": "fit", "fine_tune": "fit", "fit_generator": "fit", "learn": "fit",
        "partial_fit": None, "train": "fit", "train_supervised": "fit", "fit_predict": None}

NEVER_CALLEES = {"GenerationConfig", "BitsAndBytesConfig", "QuantizationConfig", "SamplingParams", "DataConfig"}

# The parameters of well-known signatures that are given by position; None is not for a search.
POSITIONS = {
    "optimiser": [None, "lr"],
    "keras-optimiser": ["learning_rate"],
    "Dropout": ["p"], "Dropout1d": ["p"], "Dropout2d": ["p"], "Dropout3d": ["p"], "AlphaDropout": ["p"], "DropPath": ["drop_prob"],
    "LeakyReLU": ["negative_slope"],
    "StepLR": [None, "step_size", "gamma"], "ExponentialLR": [None, "gamma"], "MultiStepLR": [None, "milestones", "gamma"],
    "CosineAnnealingLR": [None, "T_max", "eta_min"], "OneCycleLR": [None, "max_lr"], "LambdaLR": [], "ReduceLROnPlateau": [],
    "clip_grad_norm_": [None, "max_norm"], "clip_grad_value_": [None, "clip_value"],
    "dropout": [None, "p"],
}
KERAS_POSITIONS = {"Dropout": ["rate"], "SpatialDropout1D": ["rate"], "SpatialDropout2D": ["rate"], "Dense": ["units"], "LSTM": ["units"],
                   "GRU": ["units"], "SimpleRNN": ["units"], "Conv1D": ["filters"], "Conv2D": ["filters"], "Conv3D": ["filters"],
                   "GaussianNoise": ["stddev"], "LeakyReLU": ["alpha"], "l1": ["l1"], "l2": ["l2"], "L1": ["l1"], "L2": ["l2"]}
TRAIN_POSITIONS = {"xgboost.train": [None, None, "num_boost_round"], "lightgbm.train": [None, None, "num_boost_round"],
                   "fit_one_cycle": ["n_epoch", "lr_max"], "fine_tune": ["epochs", "base_lr"], "learn": ["total_timesteps"]}


def kind_of(name, is_method, own):
    """What a callee is, by its dotted name; None where it shapes no training.

    `own` are the names of the classes and functions of the editable files that build a model or train it.
    """
    short = name.rsplit(".", 1)[-1]
    if short in NEVER_CALLEES:
        return None
    if is_method:
        return FITS.get(short)
    prefix = _prefix(name)
    if prefix is not None:
        return _kind_in_module(prefix, short)
    if short in own:
        return "own"
    root = name.split(".", 1)[0]
    if root in FOREIGN:
        return None
    for kind, names in BARE.items():
        if short in names:
            return kind
    if LOSS_CLASS.search(short):
        return "loss"
    if short[:1].isupper():
        return "own" if OWN_CLASS.search(short) else None
    return "own" if OWN_FUNCTION.match(short) else None


FOREIGN = set("os sys re json math time random numpy pandas matplotlib seaborn plotly logging argparse subprocess shutil pathlib wandb "
              "mlflow tensorboard tqdm requests datetime collections itertools functools unittest pytest torch.cuda cv2 PIL scipy".split())


def _prefix(name):
    """The longest known module or callee that the name begins with, else None."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name or None


def _kind_in_module(prefix, short):
    kind = MODULES[prefix]
    if kind == "layer" and LOSS_CLASS.search(short):
        return "loss"
    if kind == "clip":
        return "clip" if short.startswith("clip_grad") else None
    if kind == "function":
        return "function" if short in ("dropout", "dropout2d", "cross_entropy") else None
    if kind == "estimator" and not short[:1].isupper():
        return "fit" if short in ("train", "cv", "train_supervised", "early_stopping") else None
    if kind == "config" and not (short[:1].isupper() or short.startswith("get_") and "schedule" in short):
        return None
    return kind


def is_searchable(kind, keyword):
    """Whether a search may turn this argument of such a call."""
    if keyword == "per_device_train_batch_size":
        return True
    if keyword is None or keyword.lower() in NEVER or any(word in NEVER_WORDS for word in keyword.lower().split("_")):
        return False
    if kind == "loader":
        return keyword == "batch_size"
    if kind == "layer":
        return keyword in LAYER
    if kind == "transform":
        return keyword in TRANSFORM
    if kind == "clip":
        return keyword in CLIP
    if kind == "function":
        return keyword in ("p", "rate", "label_smoothing")
    if kind == "callback":
        return keyword in ("patience", "factor", "min_delta", "monitor_factor", "cooldown")
    return True


def positions_of(name, kind):
    """The parameters that a well-known callee takes by position; empty when none is for a search."""
    short = name.rsplit(".", 1)[-1]
    if name in TRAIN_POSITIONS:
        return TRAIN_POSITIONS[name]
    if kind == "fit":
        return TRAIN_POSITIONS.get(short, []) if short != "train" else []
    is_keras = "keras" in name
    if ".schedules." in name:
        return ["initial_learning_rate"]
    if is_keras and short in KERAS_POSITIONS:
        return KERAS_POSITIONS[short]
    if short in POSITIONS and not is_keras:
        return POSITIONS[short]
    if kind == "optimiser" and short[:1].isupper() and not short.endswith(("LR", "Plateau", "Restarts")):
        return POSITIONS["keras-optimiser" if is_keras or name.startswith(("mlx.", "optax.")) else "optimiser"]
    return ["learning_rate"] if name.startswith("optax.") and kind == "optimiser" else []
