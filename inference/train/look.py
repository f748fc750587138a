"""Changes of the look alone: other detectors, other processing, illness, devices, and what is written on films."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Plane = npt.NDArray[np.float32]
Change = Callable[[Plane, np.random.Generator], Plane]


def change_look(image: Plane, rng: np.random.Generator) -> Plane:
    """Each change with its own chance, in the order in which light would meet them; the result is in 0..1."""
    for change, chance in CHANCES.items():
        if rng.random() < chance:
            image = np.clip(change(image, rng), 0.0, 1.0).astype(np.float32)
    return image


def add_opacities(image: Plane, rng: np.random.Generator) -> Plane:
    """Bright patches with soft or sharp edges, as masses and consolidations are: still lung."""
    for _ in range(rng.integers(1, 8)):
        distance = _distance_in_ellipse(image.shape, rng, smallest=0.015, largest=0.11)
        edge = rng.uniform(0.1, 0.9)
        density = np.clip((1.0 - distance) / edge, 0.0, 1.0) * rng.uniform(0.08, 0.5)
        image = image + density * (1.0 - image)
    return image


def add_lines(image: Plane, rng: np.random.Generator) -> Plane:
    """Thin bright curves: cables, tubes, catheters."""
    image, (rows, columns) = image.copy(), image.shape
    along = np.linspace(0.0, 1.0, 4 * rows)
    for _ in range(rng.integers(1, 4)):
        corners = rng.uniform(-0.1, 1.1, (3, 2))
        path = sum(
            weight[:, None] * corner
            for weight, corner in zip(
                ((1 - along) ** 2, 2 * along * (1 - along), along**2), corners, strict=True
            )
        )
        row, column = (np.asarray(path) * (rows, columns)).astype(int).T
        inside = (row >= 0) & (row < rows - 1) & (column >= 0) & (column < columns - 1)
        for down, right in ((0, 0), (0, 1), (1, 0))[: rng.integers(1, 4)]:
            image[row[inside] + down, column[inside] + right] += rng.uniform(0.1, 0.5)
    return image


def add_annotations(image: Plane, rng: np.random.Generator) -> Plane:
    """Small bright or dark marks: side letters, text, stickers, metal."""
    image, side = image.copy(), len(image)
    for _ in range(rng.integers(1, 4)):
        height, width = rng.integers(3, max(5, side // 10), 2)
        top, left = rng.integers(0, side - height), rng.integers(0, side - width)
        mark = rng.random((height, width)) < rng.choice([0.5, 1.0])
        image[top : top + height, left : left + width][mark] = rng.choice([0.0, 1.0, 1.0])
    return image


def shade(image: Plane, rng: np.random.Generator) -> Plane:
    """Uneven exposure: a slow change of brightness across the image."""
    control = rng.normal(0.0, rng.uniform(0.03, 0.15), (3, 3))
    zoom = np.array(image.shape) / 3
    field: Plane = ndimage.zoom(control, zoom, order=2, mode="nearest", grid_mode=True)
    return np.asarray(image * np.exp(field))


def change_gamma(image: Plane, rng: np.random.Generator) -> Plane:
    """From film-like to detector-like curves, 0.4 to 2.5."""
    return np.asarray(image ** np.float32(2.5 ** rng.uniform(-1.0, 1.0)))


def change_contrast(image: Plane, rng: np.random.Generator) -> Plane:
    """Another window: steeper or flatter around another grey."""
    centre = rng.uniform(0.3, 0.7)
    return (image - centre) * rng.uniform(0.6, 1.6) + centre + rng.uniform(-0.1, 0.1)


def enhance_edges(image: Plane, rng: np.random.Generator) -> Plane:
    """Unsharp masking, as vendors' processing does."""
    smooth: Plane = ndimage.gaussian_filter(image, rng.uniform(1.0, 12.0))
    return image + rng.uniform(0.2, 1.2) * (image - smooth)


def blur(image: Plane, rng: np.random.Generator) -> Plane:
    """Movement and coarse detectors."""
    return np.asarray(ndimage.gaussian_filter(image, rng.uniform(0.3, 1.5)), np.float32)


def add_noise(image: Plane, rng: np.random.Generator) -> Plane:
    """Low dose."""
    return image + rng.normal(0.0, rng.uniform(0.005, 0.06), image.shape).astype(np.float32)


CHANCES: dict[Change, float] = {
    add_opacities: 0.35,
    add_lines: 0.2,
    enhance_edges: 0.25,
    shade: 0.3,
    change_gamma: 0.7,
    change_contrast: 0.4,
    blur: 0.25,
    add_noise: 0.35,
    add_annotations: 0.3,
}


def _distance_in_ellipse(
    shape: tuple[int, ...], rng: np.random.Generator, *, smallest: float, largest: float
) -> npt.NDArray[np.float64]:
    """0 at the centre of a random ellipse, 1 on its rim; half axes as share of the side."""
    centre = rng.uniform(0.15, 0.85, 2) * shape
    axes = rng.uniform(smallest, largest) * rng.uniform(0.6, 1.4, 2) * max(shape)
    row, column = np.ogrid[: shape[0], : shape[1]]
    return np.asarray(np.hypot((row - centre[0]) / axes[0], (column - centre[1]) / axes[1]))
