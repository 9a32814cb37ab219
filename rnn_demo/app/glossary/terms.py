"""The terms of the app, each explained in one sentence; by group, in the order of the page."""

from rnn_demo.messages import N_, Translatable

NETWORK: dict[Translatable, Translatable] = {
    N_("recurrent network"): N_(
        "A neural network that reads a sequence one step at a time and carries a memory, its "
        "hidden state, from each step to the next."
    ),
    N_("time step"): N_(
        "One turn of the network: it takes the next input and computes a new hidden state."
    ),
    N_("input"): N_("The numbers that the network gets at one time step."),
    N_("hidden state"): N_(
        "The network's memory: one number for each neuron, computed anew at every time step; the "
        "code calls it Y, output or hx."
    ),
    N_("neuron"): N_(
        "One number of the hidden state together with its weights; in large networks it is also "
        "called a unit."
    ),
    N_("layer"): N_("Neurons that compute side by side from the same inputs."),
    N_("weights"): N_(
        "The numbers that a network multiplies by and learns; a recurrent network uses the same "
        "ones at every time step."
    ),
    N_("input-to-hidden weights"): N_("Wx: how strongly each input acts on each neuron."),
    N_("hidden-to-hidden weights"): N_(
        "Wy: how strongly the hidden state of the step before acts on each neuron."
    ),
    N_("bias"): N_("A number, b, that each neuron adds whatever the input is."),
    N_("pre-activation"): N_(
        "The sum that a neuron computes before the activation, written z: inputs and old hidden "
        "state, each times its weight, plus the bias."
    ),
    N_("activation"): N_("The function that turns a neuron's sum into its state, such as tanh."),
    N_("tanh"): N_("An S-shaped function that squashes any number into the range from -1 to 1."),
    N_("relu"): N_("A function that keeps positive numbers and turns all others into 0."),
    N_("saturated"): N_(
        "So far out on the curve that the activation is flat: a change of the sum no longer "
        "changes the state."
    ),
    N_("unrolled"): N_(
        "Drawn once for every time step, side by side, although it is one network that is used "
        "again and again."
    ),
    N_("GRU"): N_(
        "A recurrent cell with two gates, numbers from 0 to 1 that decide how much of the old "
        "state to keep and how much to replace."
    ),
    N_("LSTM"): N_(
        "A recurrent cell with a second memory and three gates, numbers from 0 to 1 that decide "
        "what to forget, what to store and what to show."
    ),
}

READING: dict[Translatable, Translatable] = {
    N_("sequence"): N_("Numbers in an order that matters, such as the 28 rows of a picture."),
    N_("logit"): N_(
        "A score for one digit, any number: the higher it is, the more the network favours that "
        "digit."
    ),
    N_("softmax"): N_(
        "The function that turns ten logits into ten probabilities, which are positive and add up "
        "to 1."
    ),
    N_("class probabilities"): N_(
        "How the network divides 100 % among the ten digits; computed from the logits by softmax."
    ),
    N_("confidence"): N_(
        "The probability of the digit that the network answers with, right or wrong."
    ),
    N_("MNIST"): N_(
        "70,000 handwritten digits with their labels: 60,000 to train on and 10,000 to test with."
    ),
    N_("label"): N_("What a picture really shows, as a person wrote it down."),
    N_("example"): N_("One item of a batch: here one picture, or one row of a small table."),
    N_("batch"): N_("The examples that the network computes at the same time, for example 64."),
    N_("confusion matrix"): N_("A table that counts which digit was read as which."),
}

TRAINING: dict[Translatable, Translatable] = {
    N_("training"): N_(
        "Changing the weights a little after each batch, so that the loss becomes smaller."
    ),
    N_("epoch"): N_("One pass through all training images."),
    N_("loss"): N_(
        "How wrong the probabilities are, as one number: 0 is perfect, and guessing blindly among "
        "ten digits gives 2.3."
    ),
    N_("accuracy"): N_("The share of images that the network reads correctly."),
    N_("validation"): N_(
        "Measuring on training images that were kept aside: the network has never seen them."
    ),
    N_("test images"): N_(
        "Images that neither training nor the choice of a recipe ever used; the final accuracy is "
        "measured on them."
    ),
    N_("gradient"): N_(
        "For each weight, how much the loss would grow if the weight grew a little; training moves "
        "the weights the other way."
    ),
    N_("gradient norm"): N_(
        "The length of the gradient as one number: large when the weights still have far to go, "
        "huge when training explodes."
    ),
    N_("learning rate"): N_(
        "How far the weights move at each step of training: if it is too small, training is slow; "
        "if it is too large, the loss explodes."
    ),
    N_("vanishing gradient"): N_(
        "In a long sequence the gradient of an early step is multiplied at every later step; it "
        "shrinks to almost nothing, so that the network cannot learn what happened long ago."
    ),
    N_("diverge"): N_("Training diverges when the loss grows instead of falling."),
    N_("recipe"): N_("All choices of a training: cell, units, learning rate, epochs and more."),
    N_("seed"): N_("The number that random numbers start from: the same seed gives the same run."),
}

GROUPS: tuple[tuple[Translatable, dict[Translatable, Translatable]], ...] = (
    (N_("The network"), NETWORK),
    (N_("Reading a digit"), READING),
    (N_("Training"), TRAINING),
)
