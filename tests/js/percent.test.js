import assert from "node:assert/strict"
import test from "node:test"

import { percent } from "../../assets/shared/percent.js"

test("a probability is rounded down to whole percent, and is never certain", () => {
  assert.deepEqual([0, 0.104, 0.109, 0.82, 0.999, 1].map(percent), [0, 10, 10, 82, 99, 99])
})
