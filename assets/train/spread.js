// Labels that would lie on each other are moved apart.

const DISTANCE = 13 // pixels between the middles of two labels

/**
 * Move labels apart, vertically and as little as possible.
 * @param {{ y: number }[]} labels in order from top to bottom
 * @param {number} top
 * @param {number} bottom
 */
export function spread(labels, top, bottom) {
  for (let i = 1; i < labels.length; i++) {
    labels[i].y = Math.max(labels[i].y, labels[i - 1].y + DISTANCE)
  }
  let limit = bottom
  for (const label of labels.toReversed()) {
    label.y = Math.max(Math.min(label.y, limit), top)
    limit = label.y - DISTANCE
  }
}
