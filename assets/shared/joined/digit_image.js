// Images of digits as the server sends them. Shared: joined in front of a component's script.

const SIDE = 28

// Paint image number `index` of many into a canvas, ink in the colour of text.
function paintDigit(canvas, images, index, palette) {
  canvas.width = canvas.height = SIDE
  const context = canvas.getContext("2d")
  const picture = context.createImageData(SIDE, SIDE)
  const [paper, ink] = [palette.background, palette.text].map(channels)
  for (let i = 0; i < SIDE * SIDE; i++) {
    const share = images[index * SIDE * SIDE + i] / 255
    const colour = paper.map((from, channel) => from + (ink[channel] - from) * share)
    picture.data.set([...colour, 255], i * 4)
  }
  context.putImageData(picture, 0, 0)
}

function channels(colour) {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16))
}
