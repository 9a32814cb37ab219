// Numbers as `rnn_demo.packed` sends them. Shared: joined in front of a component's script.

// Bytes in base64.
function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}

// Arrays of little-endian float32 in base64, by name.
function unpack(arrays) {
  const floats = ([name, text]) => [name, new Float32Array(bytes(text).buffer)]
  return Object.fromEntries(Object.entries(arrays).map(floats))
}
