import assert from "node:assert/strict"
import { test } from "node:test"

import { describe, reading } from "../../assets/train/chart_text.js"
import { spread } from "../../assets/train/spread.js"

const text = {
  chart: "{chart}:", curve: "{run} {first} {last} {epoch}", no_curve: "{run} -", changed: "{value}@{epoch}",
  tutorial_curve: "T {first} {last}", tutorial_test: "P {published} {exact}",
  reading: "E {epoch} {values}", whole_epoch: "W {epoch} {parts}", mean: "m {values}",
  validation: "v {values}", tutorial: "t {values}", epoch_test: "p {published} {exact}",
}
const loss = {
  name: "loss", label: "Loss", metric: "loss", validation: "validation_loss", unit: "", decimals: 1,
  stepwise: false, tutorial: [0.7, 0.3], test: { published: 95.8, exact: 95.7 },
}
const rate = {
  name: "rate", label: "Rate", metric: "rate", validation: null, unit: "", decimals: null,
  stepwise: true, tutorial: null, test: null,
}
const run = {
  name: "<i>", changes: [[0.5, 0.01]],
  batches: [{ epoch: 0.5, loss: 2, rate: 0.001 }, { epoch: 1.5, loss: 1, rate: 0.01 }],
  epochs: [{ epoch: 1, loss: 1.5, validation_loss: 1.2 }],
}

test("a chart is described by the ends of its curves", () => {
  assert.equal(describe(loss, { runs: [run], text }), "Loss: <i> 2.0 1.0 1.50 T 0.7 0.3 P 95.8 95.7")
  assert.equal(describe(rate, { runs: [run], text }), "Rate: <i> 0.001 0.01 1.50 0.01@0.50")
  assert.equal(describe(rate, { runs: [{ ...run, batches: [] }], text }), "Rate: <i> -")
})

test("a point is read with what is known of its whole epoch", () => {
  const [first, second] = run.batches
  assert.equal(
    reading([loss, rate], run, first, text), "E 0.50 Loss 2.0, Rate 0.001 W 1 m 1.5; v 1.2; t 0.7",
  )
  assert.equal(
    reading([loss, rate], run, second, text), "E 1.50 Loss 1.0, Rate 0.01 W 2 t 0.3; p 95.8 95.7",
  )
  assert.equal(reading([loss], run, { epoch: 3, loss: 1 }, text), "E 3.00 Loss 1.0")
})

test("labels that would overlap move apart and stay inside", () => {
  const labels = [10, 12, 13, 99].map((y) => ({ y }))
  spread(labels, 0, 100)
  const places = labels.map(({ y }) => y)
  assert.deepEqual(places, [10, 23, 36, 99])
  const low = [95, 96, 97].map((y) => ({ y }))
  spread(low, 0, 100)
  assert.deepEqual(low.map(({ y }) => y), [74, 87, 100])
})
