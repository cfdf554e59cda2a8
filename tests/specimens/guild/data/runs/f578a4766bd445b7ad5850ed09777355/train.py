import time
lr = 0.1
epochs = 4
model = "sgd"
fail = False
stall = False

for step in range(epochs):
    print("step: %i" % step)
    print("loss: %s" % (float("nan") if lr > 100 and step else 1.0 / (step + 1) * (1 + lr)))
    print("val_acc: %f" % (0.5 + 0.1 * step), flush=True)
open("model.txt", "w").write("weights")
if fail:
    raise RuntimeError("out of memory (simulated)")
if stall:
    time.sleep(600)
