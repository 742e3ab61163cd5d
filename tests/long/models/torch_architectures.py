"""Architectures of torchvision, transformers and `torch_layers`: few layers, narrow ones, with random weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from tests.long.models import torch_layers

torch: Any = import_module("torch")

VOCABULARY = 50


@dataclass(frozen=True)
class Architecture:
    """How a module is built, and its inputs for a batch and a length. The first of `sizes` is what it is exported with.

    `axes` names the dimensions of each input that are open where sizes are not given: `batch` and `length`.
    """

    build: Callable[[], Any]
    inputs: Callable[[int, int], tuple[Any, ...]]
    axes: tuple[tuple[str | None, ...], ...]
    sizes: tuple[tuple[int, int], ...] = ((2, 9), (1, 4), (3, 17))


def of_images(build: Callable[[], Any], side: int) -> Architecture:
    """An architecture that reads square images of three channels."""
    return Architecture(build, lambda batch, _: (torch.rand(batch, 3, side, side),), (("batch",),))


def of_tokens(build: Callable[[], Any], *, vocabulary: int = VOCABULARY, masked: bool = False) -> Architecture:
    """An architecture that reads tokens; where it is `masked`, with a mask that leaves out the end of the last row."""

    def inputs(batch: int, length: int) -> tuple[Any, ...]:
        tokens = torch.randint(0, vocabulary, (batch, length))
        mask = torch.ones_like(tokens)
        mask[-1, length // 2 :] = 0
        return (tokens, mask) if masked else (tokens,)

    return Architecture(build, inputs, (("batch", "length"),) * (2 if masked else 1))


def vision(name: str, **settings: Any) -> Callable[[], Any]:
    """A model of torchvision."""

    def build() -> Any:
        return getattr(import_module("torchvision.models"), name)(**settings)

    return build


def segmentation(name: str) -> Callable[[], Any]:
    """A model of torchvision that gives each point of an image a class."""
    settings = {"weights": None, "weights_backbone": None, "num_classes": 5}
    return lambda: getattr(import_module("torchvision.models.segmentation"), name)(**settings)


def convnext() -> Any:
    package = import_module("torchvision.models.convnext")
    blocks = [package.CNBlockConfig(*sizes, 1) for sizes in ((16, 32), (32, 64), (64, None))]
    return package.ConvNeXt(blocks, num_classes=10)


def swin() -> Any:
    settings = {"patch_size": [4, 4], "embed_dim": 24, "depths": [2, 2], "num_heads": [2, 4], "window_size": [4, 4]}
    return import_module("torchvision.models.swin_transformer").SwinTransformer(**settings, num_classes=10)


def model(name: str, config: str, **settings: Any) -> Callable[[], Any]:
    """A model of transformers."""

    def build() -> Any:
        package = import_module("transformers")
        return getattr(package, name)(getattr(package, config)(**settings))

    return build


def whisper() -> Any:
    attention = {"encoder_attention_heads": 4, "decoder_attention_heads": 4}
    widths = {"d_model": 32, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "num_mel_bins": 8}
    lengths = {"max_source_positions": 20, "max_target_positions": 32, "encoder_layers": 2, "decoder_layers": 1}
    return model(
        "WhisperModel", "WhisperConfig", vocab_size=VOCABULARY, **attention, **widths, **lengths, **SPECIAL, **UNCACHED
    )()


def clip() -> Any:
    text = {**ENCODER, **SPECIAL, "vocab_size": VOCABULARY, "max_position_embeddings": 32}
    image = {**ENCODER, "image_size": 32, "patch_size": 8}
    built = model("CLIPModel", "CLIPConfig", text_config=text, vision_config=image, projection_dim=16)()
    return torch_layers.Renamed(built, ("input_ids", "pixel_values"), ("logits_per_image", "text_embeds"))


ENCODER = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
SPECIAL = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1}
UNCACHED = {"use_cache": False}
TEXT = {**ENCODER, "vocab_size": VOCABULARY}
DECODER = {**TEXT, **UNCACHED, "num_key_value_heads": 2, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
T5 = {"vocab_size": VOCABULARY, "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4, **UNCACHED}
VIT = {"image_size": 32, "patch_size": 8, "num_layers": 2, "num_heads": 2, "hidden_dim": 32, "mlp_dim": 64}
DISTIL = {"vocab_size": VOCABULARY, "dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64}
GPT2 = {"vocab_size": VOCABULARY, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64, **UNCACHED}
WAV2VEC = {**ENCODER, "conv_dim": (16, 16), "conv_stride": (5, 2), "conv_kernel": (10, 3)}
POSITIONS = {"num_conv_pos_embeddings": 8, "num_conv_pos_embedding_groups": 4}
DINO = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "image_size": 28, "patch_size": 7}
SEGFORMER = {"hidden_sizes": [8, 16, 16, 16], "depths": [1, 1, 1, 1], "num_attention_heads": [1, 2, 2, 2]}
GEMMA3 = {"sliding_window": 4, "query_pre_attn_scalar": 8}
MAMBA = {"vocab_size": VOCABULARY, "hidden_size": 16, "state_size": 4, "num_hidden_layers": 2, **UNCACHED}

ARCHITECTURES = {
    "resnet18": of_images(vision("resnet18", num_classes=10), 64),
    "mobilenet_v3": of_images(vision("mobilenet_v3_small"), 64),
    "efficientnet_b0": of_images(vision("efficientnet_b0"), 64),
    "regnet": of_images(vision("regnet_y_400mf"), 64),
    "convnext": of_images(convnext, 32),
    "swin": of_images(swin, 32),
    "vit": of_images(vision("VisionTransformer", **VIT, num_classes=10), 32),
    "shufflenet": of_images(vision("shufflenet_v2_x0_5", num_classes=10), 64),
    "densenet": of_images(vision("DenseNet", growth_rate=8, block_config=(2, 2, 2, 2), num_init_features=16), 64),
    "squeezenet": of_images(vision("squeezenet1_1"), 64),
    "lraspp": of_images(segmentation("lraspp_mobilenet_v3_large"), 64),
    "deeplab": of_images(segmentation("deeplabv3_mobilenet_v3_large"), 64),
    "dinov2": of_images(model("Dinov2Model", "Dinov2Config", **DINO, mlp_ratio=2), 28),
    "segformer": of_images(
        model("SegformerForSemanticSegmentation", "SegformerConfig", **SEGFORMER, decoder_hidden_size=16), 64
    ),
    "autoencoder": of_images(torch_layers.autoencoder, 16),
    "unet": Architecture(
        torch_layers.UNet,
        lambda batch, _: (torch.rand(batch, 3, 16, 16), torch.randint(0, 100, (batch,))),
        (("batch",), ("batch",)),
    ),
    "lstm": of_tokens(lambda: torch_layers.Recurrent("LSTM", bidirectional=True), vocabulary=20),
    "gru": of_tokens(lambda: torch_layers.Recurrent("GRU"), vocabulary=20),
    "mixture_of_experts": of_tokens(torch_layers.MixtureOfExperts, vocabulary=20),
    "selective_scan": of_tokens(torch_layers.SelectiveScan, vocabulary=20),
    "transformer": Architecture(
        lambda: torch.nn.Transformer(16, 2, 1, 1, 32, batch_first=True),
        lambda batch, length: (torch.rand(batch, length, 16), torch.rand(batch, 5, 16)),
        (("batch", "length"), ("batch",)),
    ),
    "bert": of_tokens(model("BertModel", "BertConfig", **TEXT), masked=True),
    "distilbert": of_tokens(model("DistilBertModel", "DistilBertConfig", **DISTIL), masked=True),
    "roberta": of_tokens(model("RobertaModel", "RobertaConfig", **TEXT), masked=True),
    "modernbert": of_tokens(model("ModernBertModel", "ModernBertConfig", **TEXT, pad_token_id=0), masked=True),
    "deberta_v2": of_tokens(
        model("DebertaV2Model", "DebertaV2Config", **TEXT, relative_attention=True, pos_att_type=["p2c", "c2p"]),
        masked=True,
    ),
    "gpt2": of_tokens(model("GPT2LMHeadModel", "GPT2Config", **GPT2)),
    "llama": of_tokens(model("LlamaForCausalLM", "LlamaConfig", **DECODER)),
    "qwen2": of_tokens(model("Qwen2ForCausalLM", "Qwen2Config", **DECODER)),
    "qwen3": of_tokens(model("Qwen3ForCausalLM", "Qwen3Config", **DECODER, head_dim=8)),
    "gemma": of_tokens(model("GemmaForCausalLM", "GemmaConfig", **DECODER, head_dim=8)),
    "gemma3": of_tokens(model("Gemma3ForCausalLM", "Gemma3TextConfig", **DECODER, **GEMMA3, head_dim=8)),
    "mistral": of_tokens(model("MistralForCausalLM", "MistralConfig", **DECODER, sliding_window=6)),
    "mixtral": of_tokens(model("MixtralForCausalLM", "MixtralConfig", **DECODER, num_local_experts=4)),
    "mamba": of_tokens(model("MambaForCausalLM", "MambaConfig", **MAMBA)),
    "t5_encoder": of_tokens(model("T5EncoderModel", "T5Config", **T5), masked=True),
    "t5": Architecture(
        lambda: torch_layers.Renamed(model("T5Model", "T5Config", **T5)(), ("input_ids", "decoder_input_ids")),
        lambda batch, length: tuple(torch.randint(0, VOCABULARY, (batch, sizes)) for sizes in (length, 5)),
        (("batch", "length"), ("batch",)),
    ),
    "clip": Architecture(
        clip,
        lambda batch, length: (torch.randint(0, VOCABULARY, (batch, length)), torch.rand(batch, 3, 32, 32)),
        (("batch", "length"), ("batch",)),
    ),
    "whisper_encoder": Architecture(
        lambda: whisper().encoder, lambda batch, _: (torch.rand(batch, 8, 40),), (("batch",),)
    ),
    "whisper": Architecture(
        lambda: torch_layers.Renamed(whisper(), ("input_features", "decoder_input_ids")),
        lambda batch, length: (torch.rand(batch, 8, 40), torch.randint(0, VOCABULARY, (batch, length))),
        (("batch",), ("batch", "length")),
    ),
    "wav2vec2": Architecture(
        model("Wav2Vec2Model", "Wav2Vec2Config", **WAV2VEC, **POSITIONS),
        lambda batch, length: (torch.randn(batch, length),),
        (("batch", "length"),),
        ((2, 400), (1, 333), (3, 640)),
    ),
}
"""Sizes of 64 and 32 are those where an architecture still has more than one point in its last layer."""
