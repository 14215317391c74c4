/**
 * The names of variables that runs get: what the shell of an ML project says to Python, its libraries, the drivers, the
 * package tools and the compilers.
 */

const names: ReadonlySet<string> = new Set(
  words(`
  PATH HOME USER LOGNAME LANG LANGUAGE TZ TMPDIR TEMP TMP DISPLAY
  LD_LIBRARY_PATH DYLD_LIBRARY_PATH DYLD_FALLBACK_LIBRARY_PATH LIBRARY_PATH
  CC CXX CPP FC F77 AR LD NVCC CFLAGS CXXFLAGS CPPFLAGS FFLAGS LDFLAGS MAKEFLAGS ARCHFLAGS MACOSX_DEPLOYMENT_TARGET
  CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH PKG_CONFIG_PATH MAX_JOBS
  SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE AWS_CA_BUNDLE
  HTTP_PROXY HTTPS_PROXY ALL_PROXY FTP_PROXY NO_PROXY http_proxy https_proxy all_proxy ftp_proxy no_proxy
  MPLBACKEND MPLCONFIGDIR PYOPENGL_PLATFORM NLTK_DATA SCIKIT_LEARN_DATA
  JAVA_HOME JAVA_OPTS R_HOME R_LIBS R_LIBS_USER R_LIBS_SITE GOPATH GOROOT GOCACHE GOMODCACHE GOFLAGS GOPROXY
`),
);

const prefixes: readonly string[] = words(`
  CUDA_ CUDNN_ CUBLAS_ NVIDIA_ NCCL_ GLOO_ UCX_ NVTE_ ROCM_ HIP_ HSA_ ROCR_ MIOPEN_ GPU_ ZE_ SYCL_ ONEAPI_ CCL_ TPU_ LIBTPU_
  OMP_ GOMP_ KMP_ MKL_ OPENBLAS_ BLIS_ VECLIB_ NUMEXPR_ NUMBA_ DNNL_ ONEDNN_ ORT_
  TORCH_ TORCHINDUCTOR_ TORCHDYNAMO_ TORCHELASTIC_ PYTORCH_ ATEN_ TRITON_ PL_ DEEPSPEED_ ACCELERATE_ FSDP_
  HF_ HUGGINGFACE_ TRANSFORMERS_ DATASETS_ DIFFUSERS_ TOKENIZERS_ SENTENCE_TRANSFORMERS_
  TF_ TF2_ TFDS_ TFHUB_ KERAS_ XLA_ JAX_ JAXLIB_ FLAX_ EQX_
  WANDB_ MLFLOW_ TENSORBOARD_ COMET_ NEPTUNE_ CLEARML_ AIM_ HYDRA_ RAY_ DASK_ SLURM_ LOKY_ JOBLIB_ SKLEARN_ POLARS_ ARROW_
  TQDM_ SDL_ MUJOCO_ OPENML_
  PYTHON UV_ PIP_ POETRY_ PIXI_ CONDA_ MAMBA_ PDM_ HATCH_ RYE_ PIPENV_ PYENV_
  CMAKE_ NINJA_ CCACHE_ SCCACHE_ JULIA_ RUST CARGO_ RENV_
  XDG_ LC_ NOCTURNE_
`);

/** These would start another Python than the study's, or one that waits for a person. */
const kept: ReadonlySet<string> = new Set(['PYTHONHOME', 'PYTHONEXECUTABLE', 'PYTHONINSPECT', 'PYTHONSTARTUP']);

/** The same for a program that decides on another machine. */
export const allowedNames = { names: [...names], prefixes };

/** Whether runs get a variable of this name, unless it is a secret. */
export function isAllowedName(name: string): boolean {
  // Terraform's variables begin as TensorFlow's do, and hold passwords under names of their own.
  if (kept.has(name) || name.startsWith('TF_VAR_')) return false;
  return names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
