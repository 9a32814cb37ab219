// What is new of the runs, on its way to the training hall: so the code of its picture, which
// Streamlit sends with every update of a component, is sent once.
export default function ({ data, setTriggerValue }) {
  globalThis.rnnDemoHallNews = { data, say: (counts) => setTriggerValue("kept", counts) }
  dispatchEvent(new Event("rnn-demo-hall-news"))
}
