"""First steps with tdca, as one goes through a notebook: run it, or a cell at a time. tests/python compares what it says."""

# %% The minimum of any function over a box. Nothing to tune, no gradient.
import numpy as np

import tdca


def valley(x):  # Rosenbrock's: narrow and curved
    return float((100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum())


found = tdca.minimize(valley, [(-5, 5)] * 5, evaluations=8000, seed=1)
print("the end of the valley:", np.round(found.x, 2), found.message)

# %% Whole numbers, sizes whose order of magnitude matters, and what points must satisfy.
found = tdca.minimize(lambda x: abs(x[0] - 7) + abs(np.log10(x[1]) + 3), [(0, 20), (1e-6, 1)], integrality=[1, 0],
                      log=[0, 1], constraints={"type": "ineq", "fun": lambda x: 5 - x[0]}, evaluations=600, seed=1)
print("whole and logarithmic:", int(found.x[0]), f"{found.x[1]:.1g}")

# %% A search that somebody else evaluates: ask, tell, keep it, go on.
import pickle

search = tdca.Search([(-5, 5)] * 3, evaluations=600, seed=1)
while not search.done:
    points = search.ask()
    search.tell(((points - 1) ** 2).sum(axis=1))
    search = pickle.loads(pickle.dumps(search))  # as if a day had passed
print("asked and told:", search.nfev, np.round(search.best_x, 3))

# %% A table: texts are categories, None is missing, and there is nothing to set.
generator = np.random.default_rng(1)
colours = generator.choice(["red", "green", "blue"], size=600)
sizes = generator.normal(size=600)
table = np.array(list(zip(sizes, colours)), dtype=object)
table[::10, 0] = None
kinds = np.where((colours == "red") ^ (sizes > 0), "sour", "sweet")
model = tdca.Classifier(random_state=1).fit(table[:400], kinds[:400])
print("classes:", model.classes_, "right in at least nine of ten rows:", model.score(table[400:], kinds[400:]) > 0.9)

# %% Kept in the library's own file, read again, looked into.
import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "fruit.safetensors")
    model.save(path)
    again = tdca.load(path)
print("the same predictions:", (again.predict(table) == model.predict(table)).all())
weights = model.get_weights()
print("networks:", len({name.split(" layer")[0] for name in weights}), "first layer:", weights["network 0 layer 0.weights"].shape)

# %% What guides all of this is a genome: arrays by name.
genome = tdca.universal_genome()
print("genome:", sum(array.size for array in genome.values()), "numbers, step sizes", genome["schedule.linear"].shape)
