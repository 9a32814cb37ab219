// Digits that a network got wrong, as pictures; a click asks for one to be read.
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ol")
  const signature = JSON.stringify(data)
  if (list.dataset.signature === signature) return
  list.dataset.signature = signature
  const images = bytes(data.images)
  list.replaceChildren(...data.mistakes.map(({ index, label, answer, confidence }, place) => {
    const canvas = make("canvas", { "aria-hidden": "true" })
    paintDigit(canvas, images, place, data.palette)
    const said = make("b")
    said.textContent = `${label} as ${answer}`
    const sure = make("span")
    sure.textContent = `${Math.floor(100 * confidence)} % sure`
    const choice = make("button", { type: "button", "aria-label":
      `Test digit ${index}, a ${label} taken for a ${answer}, ${sure.textContent}` })
    choice.addEventListener("click", () => setTriggerValue("opened", index))
    choice.append(canvas, said, sure)
    const item = make("li")
    item.append(choice)
    return item
  }))
}
