import assert from "node:assert/strict"
import { test } from "node:test"

import { forOthers } from "../../assets/shared/link_panel.js"

const OWN = "http://192.168.1.7:8501"

test("a link that works everywhere stays as it is", () => {
  const link = "https://example.org/demo/inside?state=a%2Bb&view=1"
  assert.deepEqual(forOthers(link, OWN), { local: false, shared: link })
})

test("a link to this machine gets its address in the network", () => {
  for (const host of ["localhost:8501", "127.0.0.1:8501", "127.1.2.3", "[::1]:8501"]) {
    assert.deepEqual(forOthers(`http://${host}/inside?state=a%2Bb`, OWN), {
      local: true,
      shared: `${OWN}/inside?state=a%2Bb`,
    })
  }
})

test("without a network the warning stands alone", () => {
  const link = "http://localhost:8501/?drawing=x"
  assert.deepEqual(forOthers(link, ""), { local: true, shared: link })
})

test("a name that begins like localhost is another machine", () => {
  for (const host of ["localhost.example.org", "127.example.org"]) {
    assert.equal(forOthers(`http://${host}/`, OWN).local, false)
  }
})
