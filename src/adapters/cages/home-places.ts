/**
 * What of the owner's home a run may read: where the tools and libraries of the field keep programs, packages and downloads.
 * Everything else there is closed to it, keys and documents alike.
 */

/** Folders and files below the home that runs read where they are there. */
export const readInHome: readonly string[] = words(`
  .cache .keras .torch .fastai .medmnist .mxnet .paddle .insightface .u2net .EasyOCR .deepface .dgl .surprise_data .triton .nv
  nltk_data scikit_learn_data tensorflow_datasets seaborn-data sentence_transformers torch_datasets
  .local/bin .local/lib .local/include .local/share/uv .local/share/pipx .local/share/virtualenvs .local/share/pypoetry
  .local/share/jupyter .local/share/mise .local/share/rtx .local/share/rye .local/share/fonts .local/share/nltk_data .local/pipx
  .pyenv .virtualenvs .venv .conda/envs .conda/pkgs .micromamba .rye .pixi .asdf .mise .nix-profile .nix-defexpr .linuxbrew
  miniconda3 miniconda anaconda3 anaconda miniforge3 mambaforge micromamba mamba
  .cargo/bin .rustup .julia .juliaup go/bin go/pkg R .sdkman/candidates .jenv
  .fonts .matplotlib .config/matplotlib .config/fontconfig .condarc .mambarc .theanorc .jupyter/nbconvert_templates bin
`);

/** Names of files and folders that hold keys or speak of a person; closed wherever a run reads what is around them. */
export const secretNames: ReadonlySet<string> = new Set(
  words(`
  token stored_tokens .netrc .pgpass .ssh .gnupg .aws .azure .gcloud gcloud .kube .docker .kaggle .modal.toml .git-credentials
  .password-store .env .envrc .npmrc .pypirc .huggingface .config .mozilla .thunderbird .bash_history .zsh_history .python_history
  .claude .claude.json .codex .gemini .aider .wandb .databrickscfg .boto .s3cfg .rclone.conf keyrings
  mozilla google-chrome chromium BraveSoftware microsoft-edge thunderbird evolution keyring gnome-keyring
`),
);

/** Variables that name a folder in which a library keeps downloads, and would make new ones. */
export const cacheVariables: readonly string[] = words(`
  HF_HOME HF_HUB_CACHE HUGGINGFACE_HUB_CACHE HF_DATASETS_CACHE TRANSFORMERS_CACHE SENTENCE_TRANSFORMERS_HOME TORCH_HOME
  KERAS_HOME TFHUB_CACHE_DIR TFDS_DATA_DIR NLTK_DATA SCIKIT_LEARN_DATA OPENML_CACHE_DIR UV_CACHE_DIR PIP_CACHE_DIR
`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
