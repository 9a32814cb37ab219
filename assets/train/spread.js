// Labels that would lie on each other are moved apart.

const DISTANCE = 13 // pixels between the middles of two labels of the usual size

/**
 * Move labels apart, vertically and as little as possible.
 * @param {{ y: number }[]} labels in order from top to bottom
 * @param {number} top
 * @param {number} bottom
 * @param {number} [zoom] how large their type is
 */
export function spread(labels, top, bottom, zoom = 1) {
  const distance = DISTANCE * zoom
  for (let i = 1; i < labels.length; i++) {
    labels[i].y = Math.max(labels[i].y, labels[i - 1].y + distance)
  }
  let limit = bottom
  for (const label of labels.toReversed()) {
    label.y = Math.max(Math.min(label.y, limit), top)
    limit = label.y - distance
  }
}
