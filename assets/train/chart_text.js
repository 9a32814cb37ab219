// A chart in words, for its text alternative, and the values at an epoch.

import { fill } from "../shared/text.js"
import { valueText } from "./curves.js"

/** @typedef {import("./types.js").ChartSpec} ChartSpec */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./types.js").Run} Run */
/** @typedef {Record<string, string>} Text */

/**
 * The text alternative of a chart: where each curve begins and ends.
 * @param {ChartSpec} spec
 * @param {{ runs: Run[], text: Text }} view
 * @returns {string}
 */
export function describe(spec, { runs, text }) {
  const sentences = [fill(text.chart, { chart: spec.label })]
  for (const run of runs) sentences.push(...describeRun(spec, run, text))
  if (spec.tutorial) {
    const [first, last] = [spec.tutorial[0], spec.tutorial[spec.tutorial.length - 1]]
    sentences.push(fill(text.tutorial_curve, { first: valueText(first, spec), last: valueText(last, spec) }))
  }
  if (spec.test) {
    const { published, exact } = spec.test
    const shown = { published: valueText(published, spec), exact: valueText(exact, spec) }
    sentences.push(fill(text.tutorial_test, shown))
  }
  return sentences.join(" ")
}

/**
 * @param {ChartSpec} spec
 * @param {Run} run
 * @param {Text} text
 * @returns {string[]} sentences
 */
function describeRun(spec, run, text) {
  const [first, last] = [run.batches[0], run.batches.at(-1)]
  if (first?.[spec.metric] == null || last?.[spec.metric] == null) {
    return [fill(text.no_curve, { run: run.name })]
  }
  const curve = fill(text.curve, {
    run: run.name,
    first: valueText(first[spec.metric], spec),
    last: valueText(last[spec.metric], spec),
    epoch: last.epoch.toFixed(2),
  })
  const changes = spec.stepwise ? run.changes : []
  return [curve, ...changes.map(([epoch, rate]) =>
    fill(text.changed, { value: valueText(rate, spec), epoch: epoch.toFixed(2) }))]
}

/**
 * The values of all charts at a point, and what is known of the whole epoch that it lies in.
 * @param {ChartSpec[]} specs
 * @param {Run} run
 * @param {Point} point
 * @param {Text} text
 * @returns {string}
 */
export function reading(specs, run, point, text) {
  const known = specs.filter((spec) => point[spec.metric] != null)
  const list = known.map((spec) => `${spec.label} ${valueText(point[spec.metric], spec)}`).join(", ")
  const at = fill(text.reading, { epoch: point.epoch.toFixed(2), values: list })
  const whole = wholeEpoch(specs, run, Math.ceil(point.epoch - 1e-9), text)
  return whole ? `${at} ${whole}` : at
}

/**
 * The means of an epoch, its validation, and what the tutorial published for it.
 * @param {ChartSpec[]} specs
 * @param {Run} run
 * @param {number} epoch counted from 1
 * @param {Text} text
 * @returns {string} empty if nothing is known
 */
function wholeEpoch(specs, run, epoch, text) {
  const end = run.epochs.find((point) => Math.round(point.epoch) === epoch)
  const main = specs.filter((spec) => spec.validation !== null)
  const parts = [
    ...values(text.mean, main, (spec) => end?.[spec.metric]),
    ...values(text.validation, main, (spec) => end?.[spec.validation ?? ""]),
    ...values(text.tutorial, main, (spec) => spec.tutorial?.[epoch - 1]),
  ]
  for (const spec of specs) {
    if (!spec.test || epoch !== spec.tutorial?.length) continue
    const { published, exact } = spec.test
    const shown = { published: valueText(published, spec), exact: valueText(exact, spec) }
    parts.push(fill(text.epoch_test, shown))
  }
  return parts.length ? fill(text.whole_epoch, { epoch, parts: parts.join("; ") }) : ""
}

/**
 * A template with a value of each chart, such as "validation 0.1523, 95.40 %".
 * @param {string} template
 * @param {ChartSpec[]} specs
 * @param {(spec: ChartSpec) => number | null | undefined} valueOf
 * @returns {string[]} one text; none where a value is missing
 */
function values(template, specs, valueOf) {
  const texts = specs.flatMap((spec) => {
    const value = valueOf(spec)
    return value == null ? [] : [valueText(value, spec)]
  })
  const isKnown = texts.length > 0 && texts.length === specs.length
  return isKnown ? [fill(template, { values: texts.join(", ") })] : []
}
