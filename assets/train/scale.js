// Scales: from values to places and back, and where their ticks are.

const FEW = 8 // points that say too little to move a scale

const LEAST = 1e-7 // a loss of nothing at all would lie infinitely far away

// A scale: where a value lies on it, its ticks, and for what is not linear, the range that shows
// the lowest and the highest value.
const linear = { to: (value) => value, ticks: linearTicks }
const logarithmic = {
  to: (value) => Math.log10(Math.max(value, LEAST)),
  ticks: logTicks,
  range: (lowest, highest) => [Math.max(lowest, LEAST) * 0.85, Math.max(highest, LEAST) * 1.15],
}
// Accuracy by the share of errors: 90, 99 and 99.9 % are equally far apart.
const ERROR_TICKS = [0, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9]
const MOST = 99.98 // percent; no error at all would lie infinitely far away
const byErrors = {
  to: (value) => -Math.log10(100 - Math.min(value, MOST)),
  ticks: (low, high) => ERROR_TICKS.filter((tick) => tick >= low && tick <= high),
  range: (lowest, highest) => [
    Math.max(lowest - 5, 0),
    Math.min(highest + (100 - highest) / 2, MOST),
  ],
}

function linearTicks(low, high, most) {
  const step = niceStep((high - low) / most)
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * ([1, 2, 5].find((step) => step * power >= rough * (1 - 1e-9)) ?? 10)
}

function logTicks(low, high, most) {
  const ticks = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of [1, 2, 5]) ticks.push(Number(`${step}e${power}`))
  }
  const inside = ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001)
  const tens = inside.filter((tick) => String(tick.toExponential()).startsWith("1e"))
  return inside.length > most + 2 && tens.length > 1 ? tens : inside
}

// The range of a chart: `home` while most of what is seen lies in it, else what fits.
function rangeOf(values, { home, limits }, scale, zoomed) {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b)
  const at = (share) => finite[Math.floor(share * (finite.length - 1))]
  if (!finite.length) return home ?? [0, 1]
  if (scale.range) return scale.range(at(0), at(1))
  if (home && !zoomed) {
    const settled = finite.length < FEW || (at(0.5) >= home[0] && at(0.5) <= home[1])
    return settled ? home : [limits[0], niceCeiling(Math.max(at(1), home[1]))]
  }
  const low = home ? at(0.01) : 0
  const margin = 0.08 * (at(0.99) - low) || 0.1 * Math.abs(low) || 1
  return [Math.max(low - margin, limits[0]), Math.min(at(0.99) + margin, limits[1])]
}

function niceCeiling(value) {
  const step = niceStep(value / 4)
  return Math.ceil(value / step - 1e-9) * step
}
