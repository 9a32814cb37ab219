"""The folder of a run, file by file: all there is between the app and the process that trains.

`homes` says where the folders are, `files` writes and reads what others read and write at the
same time, and each other module is for one of the files named in `rnn_demo.training.runs`.
"""
