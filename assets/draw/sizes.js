// What all parts of a reading share. Rows are 0-based in the code and counted from 1 in texts.

export const ROWS = 28
export const CLASSES = 10

/** @type {Record<string, number>} the width of a line by the rank of its class */
export const WIDTHS = { lead: 3, second: 2 }
