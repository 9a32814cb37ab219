// What the browser has of each curve. The server sends the points that it does not know to be
// here; from time to time it is told how many are. A point is
// [step, loss, accuracy, learning rate, gradient norm, twelve answers, how sure of each], and
// at the end of an epoch the loss and the accuracy on held-out images besides.

const [STEP, LOSS, ACCURACY, RATE, NORM, ANSWERS, SURENESS, HELD_LOSS, HELD_ACCURACY] =
  Array(9).keys()
const SMOOTH_OVER = 0.08 // epochs

const MANY = 40 // points that come again and again until the server is told that they are here

// They outlive the node: after a switch of pages nothing needs to be sent again.
const keptPoints = new Map() // name of a curve -> its points
const keptImages = new Map() // name of a source -> its first test digits

// Add what is new. Returns whether everything is here, and what to tell the server, if anything.
function keep(data) {
  const shown = new Set(data.runs.map((run) => run.curve))
  for (const curve of keptPoints.keys()) if (!shown.has(curve)) keptPoints.delete(curve)
  const { source, images, labels } = data.digits
  if (images) keptImages.set(source, { images: bytes(images), labels })
  const whole = data.runs.map(keepPoints).every(Boolean) && (!source || keptImages.has(source))
  const many = data.runs.some((run) => run.points.length >= MANY)
  const counts = data.runs.map(({ curve }) => [curve, keptPoints.get(curve)?.length ?? 0])
  if (keptImages.has(source)) counts.push([`digits/${source}`, 1])
  return { whole, counts: !whole || many || images ? Object.fromEntries(counts) : null }
}

function keepPoints({ curve, base, points }) {
  const kept = keptPoints.get(curve) ?? []
  if (base > kept.length) return false
  kept.length = base
  for (const point of points) kept.push(point)
  keptPoints.set(curve, kept)
  return true
}

// A run as it is drawn: its points between and at the ends of epochs, and smooth lines.
function drawable(run) {
  const points = keptPoints.get(run.curve) ?? []
  const batches = points.filter((point) => point.length <= HELD_LOSS)
  const epochs = points.filter((point) => point.length > HELD_LOSS)
  const smooth = new Map([LOSS, ACCURACY, NORM].map((column) => [column, smoothed(batches, column)]))
  return { ...run, batches, epochs, smooth }
}

// An exponential mean over steps of any length, without a pull toward where it began.
function smoothed(points, column) {
  let [sum, weight, last] = [0, 0, 0]
  return points
    .filter((point) => point[column] !== null)
    .map((point) => {
      const stays = Math.exp(-Math.max(point[STEP] - last, 1e-6) / SMOOTH_OVER)
      last = point[STEP]
      sum = sum * stays + point[column] * (1 - stays)
      weight = weight * stays + 1 - stays
      return [point[STEP], sum / weight]
    })
}

// The point nearest to a step, among points in order.
function nearest(points, step) {
  let [low, high] = [0, points.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle][STEP] < step) low = middle + 1
    else high = middle
  }
  const before = points[low - 1]
  return before && step - before[STEP] < points[low][STEP] - step ? before : points[low]
}
