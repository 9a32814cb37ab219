// What the server sends to the components of Train, see rnn_demo/app/train/live_component.py.

/** @typedef {{ background: string, text: string, grey: string, lead: string, second: string }} Palette */

/**
 * A point of a curve: the values of the metrics at one moment, by the metric's name. `epoch` is how
 * far the run was, in epochs; `epoch_done` says whether it ends an epoch and holds its means.
 * @typedef {Record<string, any>} Point
 */

/**
 * A run as the server sends it.
 * @typedef {object} SentRun
 * @property {string} curve name of its curve; a resumed run has another
 * @property {string} name title of the run
 * @property {string} colour
 * @property {number | null} test_accuracy percent; null before the end
 * @property {[epoch: number, rate: number][]} changes of the learning rate
 * @property {number} base number of points that the server knows to be here
 * @property {any[][]} points the points after those, a value for each of the data's `columns`
 */

/**
 * A run as it is drawn.
 * @typedef {object} Run
 * @property {string} curve
 * @property {string} name
 * @property {string} colour
 * @property {number | null} test_accuracy
 * @property {[epoch: number, rate: number][]} changes
 * @property {Point[]} batches points within epochs
 * @property {Point[]} epochs points at the ends of epochs
 */

/**
 * What a chart shows.
 * @typedef {object} ChartSpec
 * @property {string} name
 * @property {string} label
 * @property {string} title its label, marked as a term of the glossary
 * @property {string} metric
 * @property {string | null} validation the metric on the validation images
 * @property {string} unit such as "%"; empty where there is none
 * @property {number | null} decimals of a value; null for four significant digits
 * @property {boolean} stepwise the metric changes in steps, so its curve is not smoothed
 * @property {[number, number] | null} usual range of the axis while the curves lie in it
 * @property {[number, number | null]} limits of the axis; null for none
 * @property {"logarithmic" | "errors" | null} log the scale that the button Log switches to
 * @property {number[] | null} tutorial values that the tutorial published, one an epoch
 * @property {{ published: number, exact: number } | null} test the tutorial's value on test images
 * @property {boolean} tested a run's test accuracy is drawn at its end
 */

/**
 * The header above the charts; `text` may mark terms of the glossary.
 * @typedef {object} Header
 * @property {string} title of the selected run
 * @property {string} text how far it is, and how well it reads
 * @property {string} detail the time that is left
 * @property {number} progress from 0 to 1
 */

/** @typedef {{ text: string, urgent: boolean }} Note what to know of a run; terms may be marked */

/** @typedef {{ source: string, images?: string, labels?: number[] }} SentDigits */

/**
 * What is the same for every run.
 * @typedef {object} Words
 * @property {Record<string, string>} text
 * @property {Record<string, string>} terms the glossary's sentences
 * @property {ChartSpec[]} charts
 */

/** @typedef {{ name: string } & Partial<Words>} SentWords the rest is missing if it is here */

/**
 * The data of the live charts.
 * @typedef {object} LiveData
 * @property {Palette} palette
 * @property {string[]} columns names of the metrics in a point
 * @property {SentWords} words
 * @property {number} n_epochs width of the charts
 * @property {SentRun[]} runs the selected one first
 * @property {SentDigits} digits
 * @property {Header} header
 * @property {Note} note
 * @property {boolean} show_tutorial whether the tutorial's run is drawn beside others
 * @property {boolean} presenting whether presenter mode is on
 * @property {string} announcement
 */

export {}
