// A page that the browser translates goes on living.
//
// Google Translate takes every text node out of the page and puts a <font> element in its place.
// React made these nodes, and later changes, moves and removes them: a change shows nowhere, and
// a move or a removal throws, which ends in a stack trace on the page
// (https://github.com/facebook/react/issues/11538). So a text node gets its place back as soon as
// React does anything with it. The browser then finds a new text there, and translates that.

/** @type {WeakMap<Node, Element>} what stands in the place of a text node, or of such an element */
const substitutes = new WeakMap()
/** @type {WeakSet<Node>} the elements that stand in the place of something */
const taken = new WeakSet()

const observer = new MutationObserver(follow)
observer.observe(document, { childList: true, subtree: true })

/** @param {MutationRecord[]} records */
function follow(records) {
  for (const { type, target, addedNodes, removedNodes, previousSibling, nextSibling } of records) {
    if (type === "characterData") putBack(target)
    const [removed] = removedNodes
    if (!(removed instanceof Text || isFont(removed))) continue
    const substitute = [...addedNodes, previousSibling, nextSibling].find((node) => isFont(node) && !taken.has(node))
    if (!substitute || !isFont(substitute)) continue
    taken.add(substitute)
    substitutes.set(removed, substitute)
    if (removed instanceof Text) observer.observe(removed, { characterData: true })
  }
}

/**
 * @param {Node | null} node
 * @returns {node is Element}
 */
function isFont(node) {
  return node instanceof Element && node.localName === "font"
}

/**
 * Give a text node its place back, if something else stands there.
 * @param {Node} text
 */
function putBack(text) {
  let substitute = substitutes.get(text)
  while (substitute && !substitute.isConnected) substitute = substitutes.get(substitute)
  substitutes.delete(text)
  substitute?.replaceWith(text)
}

/** @param {(Node | null)[]} nodes that a method is called with */
function prepare(...nodes) {
  const texts = nodes.filter((node) => node instanceof Text)
  if (texts.length === 0) return
  follow(observer.takeRecords())
  texts.forEach(putBack)
}

const { appendChild, insertBefore, removeChild } = Node.prototype

// Where a text was translated before this module was there, its place is not known: then it goes
// to the end, or stays away.
Object.assign(Node.prototype, {
  /** @this {Node} @param {Node} node */
  appendChild(node) {
    prepare(node)
    return appendChild.call(this, node)
  },
  /** @this {Node} @param {Node} node @param {Node | null} before */
  insertBefore(node, before) {
    prepare(node, before)
    const isLost = before instanceof Text && before.parentNode !== this
    return insertBefore.call(this, node, isLost ? null : before)
  },
  /** @this {Node} @param {Node} node */
  removeChild(node) {
    prepare(node)
    const isLost = node instanceof Text && node.parentNode !== this
    return isLost ? node : removeChild.call(this, node)
  },
})
