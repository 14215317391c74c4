import { type LibraryTable, leftParams } from './library-table.ts';

const share = { ranges: ['float 0..0.5'], legal: [0, 1] } as const;

/** Arguments of Hugging Face's trainers and adapters. */
export const transformers: LibraryTable = {
  library: 'Transformers and PEFT',
  version: '5.24.0 and 0.21.2',
  source: 'https://huggingface.co/docs/transformers/main_classes/trainer',
  groups: [
    {
      of: '(?:transformers|trl|sentence_transformers|setfit)\\.(?:.*\\.)?\\w*(?:TrainingArguments|SFTConfig|DPOConfig)',
      params: {
        per_device_train_batch_size: { ranges: ['pow2 1..128', 'int log 1..128'], legal: [1, null] },
        gradient_accumulation_steps: { ranges: ['pow2 1..64', 'int log 1..64'], legal: [1, null] },
        warmup_ratio: share,
        warmup_steps: { ranges: ['int log 1..2000', '0 or int log 1..2000'], legal: [0, null] },
        lr_scheduler_type: 'choice linear, cosine, constant, constant_with_warmup, inverse_sqrt',
        optim: 'choice adamw_torch, adafactor, sgd',
        label_smoothing_factor: { ranges: ['float 0..0.3'], legal: [0, 1] },
        max_grad_norm: { ranges: ['0 or log 0.05..20'], legal: [0, null] },
        neftune_noise_alpha: { ranges: ['0 or log 0.5..30'], legal: [0, null] },
        group_by_length: 'bool',
        ...leftParams(
          'per_device_eval_batch_size eval_accumulation_steps fp16 bf16 tf32 gradient_checkpointing no_cuda use_cpu torch_compile auto_find_batch_size push_to_hub load_best_model_at_end greater_is_better remove_unused_columns predict_with_generate include_inputs_for_metrics do_train do_eval do_predict disable_tqdm group_by_length full_determinism skip_memory_metrics ddp_find_unused_parameters report_to run_name output_dir logging_dir logging_steps logging_first_step save_steps save_strategy save_total_limit eval_steps eval_strategy evaluation_strategy logging_strategy metric_for_best_model seed data_seed dataloader_num_workers dataloader_pin_memory dataloader_drop_last overwrite_output_dir',
          'no part of the method',
        ),
      },
    },
    {
      of: 'peft\\.(?:.*\\.)?LoraConfig',
      params: {
        r: { ranges: ['pow2 1..128', 'int log 1..128'], legal: [1, null] },
        lora_alpha: { ranges: ['pow2 1..256', 'int log 1..256', 'log 1..256'], legal: [1, null] },
        lora_dropout: share,
        bias: 'choice none, all, lora_only',
        use_rslora: 'bool',
        use_dora: 'bool',
        ...leftParams('task_type inference_mode fan_in_fan_out', 'the problem sets it'),
      },
    },
    {
      of: 'transformers\\.EarlyStoppingCallback',
      params: {},
      othersLeft: 'no part of the method',
    },
    {
      of: '(?:datasets|evaluate|tokenizers|huggingface_hub)\\..*|transformers\\.(?:\\w*Tokenizer\\w*|pipeline|set_seed|DataCollator\\w*)(?:\\..*)?',
      params: {},
      othersLeft: 'no part of the method',
    },
  ],
};
