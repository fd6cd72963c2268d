#!/usr/bin/env bash
# show.sh TOPIC POINT [--full] [--quick] [--dry-run]: reproduces one point of the results from the shipped genomes and
# real data. Prints the figures, then one line that says whether the point holds; exits 0 where it does, 1 where it does
# not, 2 where it cannot be run. --full takes the long way (evolves genomes again, tunes peers again, tests at length),
# --quick shows in seconds that a point runs; the list says which points have which. --dry-run prints what would run,
# in which output folder, and runs nothing. As root it installs the packages that a point needs.
# show.sh --list: every point, a sentence each.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib/packages.sh
source scripts/lib/usage.sh

# Every point: topic and letter or number, a sentence, its options. What runs it is the function TOPIC_POINT of
# scripts/lib/show/TOPIC.sh.
points=(
    "framework a|784-32-10 against backpropagation, tuned for each number of updates|--full"
    "framework b|What evolution adds to the same design with tuned step sizes|--full"
    "framework c|Credit diffusion against a head for every neuron, both evolved|"
    "framework d|The same genome on a wider and on a deeper network, against tuned backpropagation|--full"
    "framework e|Credits carry the information: against noise in their place, and the output layer alone|--full"
    "framework f|The default demo ends within five minutes, the quick one within thirty seconds|"
    "framework g|An update's share of the FMA peak, and what a second thread brings|"
    "framework h|Same seed, same bits: on 1, 2 and 4 threads, and after a stop|"
    "speed a|Matrix products against OpenBLAS, libxsmm, oneDNN and Eigen|"
    "speed b|A whole update against libtorch and PyTorch|"
    "speed c|A generation's share of the FLOP limit, and PyTorch's time for the same|"
    "speed d|Cost grows in a straight line; credit costs less than a forward pass|"
    "speed e|Seconds and memory of compiling a program|"
    "speed f|Instructions of an update, against the recorded ones|"
    "limits a|Convolutions' share of the FMA peak, beside oneDNN's direct ones|"
    "limits b|An update of the small convolutional network: its share of the FMA peak|"
    "limits c|Updates of Gru<64>, Lstm<64> and attention on 28 rows: their shares of the FMA peak|"
    "limits d|Products and updates in bfloat16, and what they do to accuracy in 24 lives|"
    "limits f|Instructions of an update, against the recorded ones|"
    "supervised a|The genome of Fashion-MNIST on images, against tuned and evolved backpropagation|--full --quick"
    "supervised b|Universal genomes on data sets that their evolution never saw|--full --quick"
    "supervised c|One genome on networks of other widths and depths|--full --quick"
    "supervised d|One genome for six data sets, against a specialist for each|--full --quick"
    "supervised e|What credit diffusion saves and costs, at three widths|--quick"
    "supervised f|Wrong labels and few samples (informs)|--full --quick"
    "supervised g|What evolving each genome cost (informs)|"
    "optimization a|Unseen landscapes, against tuned gradient methods and black-box peers|--full"
    "optimization b|Known landscapes in two dimensions, from 1,000 random starts|--full"
    "optimization c|Memory is linear up to 1,000 dimensions, and how quality falls|"
    "optimization d|Objectives that throw or are not finite end with the best point and a message|"
    "optimization e|Pictures of paths through functions and through a network's loss|"
    "reinforcement a|CartPole over 40, 100 and 400 episodes, against tuned backpropagation|--full"
    "reinforcement b|One genome for Acrobot, both MountainCars and Pendulum|--full"
    "reinforcement c|CartPole in worlds outside of the range that was evolved on|--full"
    "reinforcement d|Policies of other widths|--full"
    "reinforcement e|Controls: no plasticity, and noise in place of reward|--full"
    "reinforcement f|Steps of CartPole in a second, acting and learning|--full"
    "reinforcement g|Exact gradients in the same life, evolved at the same cost (informs)|--full"
    "reinforcement h|LunarLander over 20,000 and 50,000 steps|--full"
    "acting a|One genome for all in CartPole over 40, 100, 400 and 1,000 episodes|"
    "acting e|Memory: T-mazes of 20 steps by a recurrent policy, a dense one at chance; pictures|--full"
    "acting f|Steps in a second with learning: dense, recurrent and convolutional policies (informs)|"
    "acting g|What becomes of lives without clock, noise, recall, homing or passes (informs)|"
    "trust 1|Adoption: consumers, packages, recipes|"
    "trust 2|Errors: one sentence for each misuse, on both compilers|"
    "trust 3|Files: fuzzed parsers, files of NumPy and PyTorch|--full"
    "trust 4|Nothing is lost: runs that are killed, disks that fail|--full"
    "trust 5|Numbers: NaN contained, the same bits, properties over 8 seeds|--full"
    "trust 6|Many machines: the same bits on any number of processes|"
    "trust 7|Documentation: reference, code blocks, links, pictures|"
    "trust 8|Small machines: no heap, no exceptions; here and on ARM under qemu|--full"
    "architectures a|A small convolutional network, against tuned backpropagation|--full"
    "architectures b|Gru<64> on rows of images, against backpropagation through time; its memory|--full"
    "architectures c|Spiking digits, and attention against averaging|"
    "architectures d|10, 20 and 40 layers, with ways around and plain|--full"
    "architectures e|Seconds of an update against PyTorch|"
    "architectures f|Cosines between credits and steepest descent, layer by layer (informs)|"
    "faults a|The tests of every fault that was mended|"
    "faults b|For each kind of fault the places that were looked at, and the tests that hold them|"
    "faults c|The same tests under AddressSanitizer and UndefinedBehaviorSanitizer|"
    "faults d|The demo ends with no FAILS|"
    "faults e|The first table of the README, against the strongest sweep of backpropagation|--full --quick"
    "faults f|Each point runs what belongs to it, and each that a page names exists|"
    "targets b|One genome on tables that no evolution saw, against backpropagation tuned for each|--quick"
    "targets c|Tables beside the perceptron of scikit-learn as it comes, boosting and linear models|"
    "targets d|Text with a target at every step, beside backpropagation through time trained alike|--quick"
    "targets e|What is missing, unseen, constant, huge or broken in a table|"
    "targets f|The program train_table on three tables that no evolution saw, as a new user would|"
    "small a|64-32-10 in whole numbers of 8 bits on digits, against floats and integer backpropagation|--quick"
    "small b|784-64-10 in whole numbers of 8 bits on Fashion-MNIST, against both|--quick"
    "small c|Twenty layers that learn as activity passes: bytes, accuracy, updates a second|--quick"
    "small d|Hidden gains, stuck synapses, hard steps, ternary weights, against tuned backpropagation|--quick"
    "small e|A device's program on bare-metal Cortex-M, RISC-V and here: the same answers|"
    "search a|Public suites, 100 evaluations a dimension, against peers as they come and tuned|--quick"
    "search b|Public suites, 1,000 and 10,000 evaluations a dimension|--quick"
    "search c|Public suites, 10 and 20 evaluations a dimension|--quick"
    "search d|Smooth functions end at a millionth of a millionth, in double precision|--quick"
    "search e|Noise: the true value of the point that is returned|--quick"
    "search f|Whole numbers, magnitudes and constants: three problems of people's kinds|--quick"
    "search g|Workers of unequal speed, commands that fail, runs that are killed and go on|"
    "search h|What the search itself costs an evaluation, beside CMA-ES; its memory|"
    "search i|Steep objectives: increasing functions change nothing; clusters of atoms|--quick"
    "search j|Of three evolutions the shipped one is the best on landscapes that no other point is about|--full"
    "reach a|The Python module by pip install from a clean clone, and by CMake: minutes, size|"
    "reach b|Estimators: check_estimator, and ten tables beside scikit-learn's perceptron and boosting|--quick"
    "reach c|Its minimize beside SciPy's differential evolution and dual annealing, at equal evaluations|--quick"
    "reach d|The page that learns in the browser: size, seconds to 90 %, speed, console, pictures|"
    "reach e|Misuse of the Python module, 1,000 times by chance: exceptions, and no crash|"
    "credits b|10, 20, 40 and 80 plain layers by credits and by every step from exact gradients to them|--quick"
    "credits d|Outer loops: windows against whole lives, correlations against none (informs)|--quick"
    "house a|The lives of all shipped genomes are what they were before the first move|"
    "house b|Ranks hold, rooms can be deleted, headers and examples are short|"
    "house c|Every concept has its archetype, and what is missing is named|"
    "house d|Minutes of scripts/test.sh on a clean clone, and of all tests|"
    "house e|Seconds and memory of compiling a program|"
    "house f|Updates and generations beside those before the first move, and their instructions|"
    "house g|What the how-tos add compiles as it stands there|"
)

# list [TOPIC]: the points of this topic, or of all.
list() {
    local entry pair sentence options
    for entry in "${points[@]}"; do
        IFS='|' read -r pair sentence options <<<"$entry"
        [[ ${1:-${pair% *}} != "${pair% *}" ]] ||
            printf '%-13s %s  %s%s\n' "${pair% *}" "${pair#* }" "$sentence" "${options:+ [${options// /] [}]}"
    done
}

# refuse SENTENCE [TOPIC]: what is wrong, what there is of this topic, and where to see more.
refuse() {
    {
        echo "show.sh: $1"
        [[ -z ${2:-} ]] || list "$2"
        echo "See scripts/show.sh --list for all points, --help for what the options do."
    } >&2
    exit 2
}

full=0 quick=() dry=0 words=()
for argument; do
    case $argument in
    --list) words+=(--list) ;;
    --full) full=1 ;;
    --quick) quick=(--quick) ;;
    --dry-run) dry=1 ;;
    --help) usage ;;
    -*) refuse "no such option: $argument" ;;
    *) words+=("$argument") ;;
    esac
done
if [[ "${words[*]}" == --list && $# == 1 ]]; then
    list
    exit
fi
((${#words[@]} == 2)) || refuse "a topic and a point are needed${*:+, not: $*}" "${words[0]:-}"
topic=${words[0]} point=${words[1]}
for entry in "${points[@]}" "none||"; do
    IFS='|' read -r pair sentence options <<<"$entry"
    [[ $pair != "$topic $point" ]] || break
done
[[ $pair != none ]] || refuse "no such point: $topic $point" "$topic"

output=build/show/${topic}_$point
source scripts/lib/show/verbs.sh
source "scripts/lib/show/$topic.sh"
((full == 0)) || has_option --full
((${#quick[@]} == 0)) || has_option --quick
if ((dry)); then
    printf '# %s %s: %s\n# output: %s\n' "$topic" "$point" "$sentence" "$output"
else
    mkdir -p "$output"
fi
"${topic}_$point"
