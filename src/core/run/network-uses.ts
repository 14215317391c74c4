/**
 * What in a script's source asks for the network: known before a run fails for want of it.
 */

const trackers = 'wandb|comet_ml|neptune|clearml|mlflow|swanlab|trackio';
const clients =
  'requests|httpx|aiohttp|boto3|gdown|kagglehub|openml|smart_open|paramiko|google\\.cloud|azure\\.storage';
const hubs = 'datasets|huggingface_hub|kernels|tensorflow_datasets|tiktoken|timm|open_clip';

/** The first group of each is what the source calls it. */
const uses: readonly RegExp[] = [
  new RegExp(`^\\s*(?:import|from)\\s+(${trackers}|${clients}|${hubs})\\b`, 'gm'),
  /\b(urllib\.request|urlopen|urlretrieve)\b/g,
  /\b(torch\.hub\.\w+|load_state_dict_from_url|nltk\.download|snapshot_download|hf_hub_download)\b/g,
  /\.(from_pretrained)\(/g,
  /\b(download=True)\b/g,
  /\b(fetch_(?:openml|california_housing|20newsgroups|covtype|lfw_\w+|kddcup99|olivetti_faces|rcv1|species\w*))\b/g,
  /\b(keras\.datasets|init_process_group|ray\.init)\b/g,
];

/** The names of what asks for the network in this source, each once, in the order in which they come. */
export function networkUses(source: string): readonly string[] {
  const code = source.replace(/^\s*#.*$/gm, '');
  const found = uses.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => [match.index, match[1] ?? ''] as const),
  );
  return [...new Set(found.toSorted(([one], [other]) => one - other).map(([, name]) => name))];
}
