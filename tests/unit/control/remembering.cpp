// Policies that remember, policies that are kept, and the worlds that ask for them.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "support/allocations.hpp"
#include "tdca/bottom_up/cells.hpp"
#include "tdca/bottom_up/stepwise.hpp"
#include "tdca/control/environments/asterix.hpp"
#include "tdca/control/environments/breakout.hpp"
#include "tdca/control/environments/checked_environment.hpp"
#include "tdca/control/environments/drawing.hpp"
#include "tdca/control/environments/environment_batch.hpp"
#include "tdca/control/environments/masked.hpp"
#include "tdca/control/environments/process_environment.hpp"
#include "tdca/control/environments/rearranged.hpp"
#include "tdca/control/environments/t_maze.hpp"
#include "tdca/control/policy.hpp"
#include "tdca/control/trained_policy.hpp"
#include "tdca/io/genome_file.hpp"

using namespace tdca;

using MaskedPole = Masked<CartPole<>, 0, 2>;
static_assert(Environment<TMaze<>> && Environment<MaskedPole> && Environment<Breakout<>>);
static_assert(Environment<Asterix<>> && Environment<ProcessEnvironment<2, DiscreteActions<2>>>);
static_assert(Drawable<MaskedPole> && Drawable<Asterix<>>);
static_assert(!Drawable<ProcessEnvironment<2, DiscreteActions<2>>>);

namespace {

constexpr std::size_t steps = 7;  // of more, a layer shown the whole adds up in another order
constexpr std::size_t features = 3;
constexpr std::size_t units = 5;

template <class Cell>
using Whole = typename Recurrent<units, Cell>::template Bound<float, Shape<steps, features>>;
template <class Cell>
using ByStep = typename Stepwise<Recurrent<units, Cell>>::template Bound<float, Shape<features>>;

template <class Genome>
Genome shipped(const char* name) {
    return load_genome<Genome>(std::string(TDCA_GENOME_FOLDER) + "/" + name + ".safetensors")
        .genome;
}

double share_right(std::span<const Episode> life) {
    const auto last = last_fifth(life);
    return static_cast<double>(std::ranges::count_if(last, [](auto e) { return e.total > 2; })) /
           static_cast<double>(last.size());
}

}  // namespace

TEMPLATE_TEST_CASE("A layer that is shown a sequence step by step learns as if shown the whole", "",
                   RnnCell<3>, GruCell, LstmCell, (LifCell<4, 6>)) {
    using A = Whole<TestType>;
    using B = ByStep<TestType>;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        std::array<float, 2 * steps * features> in;
        Key(seed).fill_normal(std::span<float>(in));
        auto params = std::make_unique<typename A::Params>();
        A::initialize(*params, Key(seed) / 1);
        auto whole = std::make_unique<typename A::template Eligibility<2>>();
        auto stepwise = std::make_unique<typename B::template Eligibility<2>>();
        std::array<float, 2 * units> out;
        std::array<float, 2 * units> last;
        A::template forward_training<2>(*params, in, out, *whole, Key{0});
        B::template begin_sequence<2>(*stepwise);
        std::array<std::array<float, B::memory>, 2> kept;
        for (std::size_t t = 0; t < steps; ++t) {
            std::array<float, 2 * features> now;
            for (std::size_t s = 0; s < 2; ++s) {
                std::copy_n(in.data() + (s * steps + t) * features, features,
                            now.data() + s * features);
            }
            if (t == 4) {  // what is saved and put back changes nothing
                for (std::size_t s : {0U, 1U}) B::template save<2>(*stepwise, s, kept[s]);
                B::template forward_training<2>(*params, now, last, *stepwise, Key{0});
                B::template begin_sequence<2>(*stepwise);
                for (std::size_t s : {1U, 0U}) B::template restore<2>(*stepwise, s, kept[s]);
            }
            B::template forward_training<2>(*params, now, last, *stepwise, Key{0});
        }
        CHECK(out == last);
        std::array<float, 2 * units> credit;
        (Key(seed) / 2).fill_normal(std::span<float>(credit));
        auto expected = std::make_unique<typename A::Params>();
        auto found = std::make_unique<typename A::Params>();
        A::template correlate<2>(in, credit, *whole, *expected);
        B::template correlate<2>(std::span<const float, 2 * features>(in.data(), 2 * features),
                                 credit, *stepwise, *found);
        CHECK(std::ranges::equal(std::as_const(*expected).template get<"input">(),
                                 std::as_const(*found).template get<"input">()));
        CHECK(std::ranges::equal(std::as_const(*expected).template get<"recurrent">(),
                                 std::as_const(*found).template get<"recurrent">()));
    }
}

TEST_CASE("Gates are born to keep their neurons' state over scales up to the longest") {
    using L = Stepwise<Gru<4>, 16>::Bound<float, Shape<2>>;
    L::Params params;
    L::initialize(params, Key(1));
    const auto bias = std::as_const(params).get<"input_bias">();
    for (std::size_t j = 0; j < 4; ++j) {
        const double scale = std::pow(16.0, (static_cast<double>(j) + 0.5) / 4) + 1;
        CHECK(1 / (1 + std::exp(-static_cast<double>(bias[4 + j]))) == Approx(1 - 1 / scale));
        CHECK(bias[j] == 0);
    }
}

TEST_CASE("A T-maze tells the way at its start alone, and asks at its end") {
    using Env = TMaze<>;
    const Env::Settings maze{.length = 3};
    Env::State state;
    std::size_t north = 0;
    for (std::uint64_t seed = 0; seed < 64; ++seed) {
        Env::reset(maze, Key(seed), state);
        north += state.goal_north ? 1 : 0;
    }
    CHECK(north > 16);
    CHECK(north < 48);
    const auto seen = [&] {
        std::array<float, 3> out;
        Env::observe(maze, state, std::span<float, 3>(out));
        return out;
    };
    state = {.goal_north = true};
    CHECK(seen() == std::array<float, 3>{0, 1, 1});
    state.goal_north = false;
    CHECK(seen() == std::array<float, 3>{1, 1, 0});
    CHECK(Env::step(maze, 0, state).reward == -0.1F);  // a wall
    CHECK(Env::step(maze, 3, state).reward == -0.1F);
    CHECK(Env::step(maze, 1, state).reward == 0);
    CHECK(seen() == std::array<float, 3>{1, 0, 1});
    Env::step(maze, 1, state);
    Env::step(maze, 1, state);
    CHECK(seen() == std::array<float, 3>{0, 1, 0});
    CHECK(Env::step(maze, 1, state).reward == -0.1F);
    Env::State other = state;
    const auto right = Env::step(maze, 2, state);
    CHECK((right.terminated && right.reward == 4));
    const auto wrong = Env::step(maze, 0, other);
    CHECK((wrong.terminated && wrong.reward == -0.1F));
    CHECK_THROWS_WITH(Env::reset({.length = 0}, Key(1), state), Catch::Contains("length"));
    CHECK_THROWS_WITH(Env::reset({.length = 500}, Key(1), state), Catch::Contains("length"));
}

TEST_CASE("A masked world shows what it is told to, and is otherwise the same") {
    CartPole<>::State whole;
    MaskedPole::State masked;
    CartPole<>::reset({}, Key(3), whole);
    MaskedPole::reset({}, Key(3), masked);
    for (std::size_t t = 0; t < 8; ++t) {
        CartPole<>::step({}, t % 2, whole);
        MaskedPole::step({}, t % 2, masked);
    }
    std::array<float, 2> out;
    MaskedPole::observe({}, masked, std::span<float, 2>(out));
    CHECK(out == std::array<float, 2>{whole.position, whole.angle});
}

TEST_CASE("An action sticks as often as it is said to") {
    GridGame::Luck luck{.key = Key(5)};
    const GridGame::Settings settings{.sticky = 0.25};
    int stuck = 0;
    for (std::size_t t = 0; t < 4'000; ++t) stuck += luck.done(settings, t % 2) != t % 2 ? 1 : 0;
    // Of what sticks, what was done before is the other half the time or more; 1,000 ± 6 deviations
    // where every sticking shows. Two in a row hide one another.
    CHECK(stuck > 700);
    CHECK(stuck < 1'000);
    Breakout<>::State state;
    CHECK_THROWS_WITH(Breakout<>::reset({.sticky = 1.5}, Key(1), state), Catch::Contains("sticky"));
}

TEST_CASE("A policy that remembers learns the way through a maze that one without cannot") {
    // Each life of the first kind has solved it in 8 of 8 by a wide margin; chance is one half, and
    // a life of the second kind ends above 0.8 of its last 60 choices or more with odds below 1e-5.
    const auto genome = shipped<RecurrentAgent<TMaze<>>::Genome>("memory");
    RecurrentAgent<TMaze<>> remembers;
    ReplayAgent<TMaze<>> forgets;
    std::size_t solved = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        std::vector<Episode> with;
        std::vector<Episode> without;
        remembers.live(genome, {.length = 5}, Key(seed), {.steps = 8'000}, with);
        forgets.live(genome, {.length = 5}, Key(seed), {.steps = 8'000}, without);
        solved += share_right(with) > 0.9 ? 1 : 0;
        CHECK(share_right(without) < 0.8);
    }
    CHECK(solved >= 6);
}

TEST_CASE("A life that remembers allocates nothing, and the same key gives the same bits") {
    const auto genome = shipped<RecurrentAgent<MaskedPole>::Genome>("cart_pole");
    RecurrentAgent<MaskedPole> life;
    RecurrentAgent<MaskedPole> again;
    life.begin(genome, Key(4));
    again.begin(genome, Key(4));
    const std::size_t before = testing::allocations;
    for (int i = 0; i < 6; ++i) life.act_once({}, {.episodes = 9});
    CHECK(testing::allocations == before);
    for (int i = 0; i < 6; ++i) again.act_once({}, {.episodes = 9});
    CHECK(life.last().steps == again.last().steps);
    CHECK(life.state().seen == again.state().seen);
}

TEST_CASE("A policy is kept as text and parameters, plays, and is learned on from") {
    using Life = ReplayAgent<CartPole<>>;
    using Policy = TrainedPolicy<CartPole<>, Life::Net>;
    const auto genome = shipped<Life::Genome>("cart_pole");
    Life life;
    std::vector<Episode> episodes;
    std::size_t reports = 0;
    life.live(genome, {}, Key(1), {.episodes = 40}, episodes, [&](const Life& self) {
        ++reports;
        CHECK(self.last().steps > 0);
        return reports < 35;
    });
    CHECK(episodes.size() == 35);  // the report ended it

    const auto policy = life.policy();
    auto copy = std::make_unique<Policy>();
    copy->params = policy->params;
    auto facts = policy->facts();
    copy->read(facts);
    CHECK(copy->facts() == facts);
    const auto judged = evaluate_policy(*policy, {}, Key(7), 10);
    const auto same = evaluate_policy(*copy, {}, Key(7), 10);
    CHECK(judged.mean == same.mean);
    CHECK(judged.mean > 400);
    CHECK_THROWS_WITH(evaluate_policy(*policy, {}, Key(7), 0), Catch::Contains("no episodes"));

    // The loop by hand: the larger output, of what the normalizer makes of the state.
    CartPole<>::State world;
    CartPole<>::reset({}, Key(7) / 3, world);
    Episode by_hand;
    Life::Net::Activities<1> activities;
    Life::Net::Eligibilities<1> none;
    for (bool is_over = false; !is_over && by_hand.steps < 500;) {
        const std::array<float, 4> raw{world.position, world.velocity, world.angle,
                                       world.angular_velocity};
        std::array<float, 4> seen;
        policy->normalizer.normalize(raw, seen);
        Life::Net::forward<1>(policy->params, seen, activities, none);
        const auto out = activities.get<1>();
        is_over = CartPole<>::step({}, out[1] > out[0] ? 1 : 0, world).terminated;
        ++by_hand.steps;
    }
    CHECK(by_hand.steps == judged.episodes[3].steps);

    // A life that begins with it begins well; a newborn one does not.
    life.begin(genome, Key(9), *policy);
    REQUIRE(life.act_once({}, {.episodes = 40}));
    CHECK(life.last().steps > 150);
    life.begin(genome, Key(9));
    REQUIRE(life.act_once({}, {.episodes = 40}));
    CHECK(life.last().steps < 150);

    facts["environment"] = "pendulum";
    CHECK_THROWS_WITH(copy->read(facts), Catch::Contains("another environment"));
    facts = policy->facts();
    facts["observation_scale"] = "1 2 nan 4";
    CHECK_THROWS_WITH(copy->read(facts), Catch::Contains("observation_scale is broken"));
    facts["observation_scale"] = "1 2 3 4 5";
    CHECK_THROWS_WITH(copy->read(facts), Catch::Contains("too long"));
    facts.erase("observation_scale");
    CHECK_THROWS_WITH(copy->read(facts), Catch::Contains("lacks the fact observation_scale"));
    CHECK(copy->facts() == policy->facts());
}

TEST_CASE("A policy is told from that of another mask by the environment's name", "[fault]") {
    using Turned = Masked<CartPole<>, 2, 0>;
    using Net = Network<Input<2>, Dense<4, Tanh>, Dense<2, Softmax, ScaledNormal>>;
    CHECK(MaskedPole::name == "masked_0_2_of_cart_pole");
    CHECK(Masked<CartPole<double>, 3>::name == "masked_3_of_cart_pole");
    CHECK(Masked<MaskedPole, 1>::name == "masked_1_of_masked_0_2_of_cart_pole");
    CHECK(Masked<Breakout<>, 0, 17, 399>::name == "masked_0_17_399_of_breakout");
    CHECK(Masked<Rearranged<CartPole<>>, 0>::name == "masked_0_of_cart_pole");
    CHECK(Masked<Masked<TMaze<>, 0, 2>, 1, 1>::name != Masked<Masked<TMaze<>, 0, 2, 1>, 1>::name);
    CHECK(ProcessEnvironment<2, DiscreteActions<12>>::name == "process_observations_2_choices_12");
    CHECK(ProcessEnvironment<2, ContinuousActions<12>>::name ==
          "process_observations_2_numbers_12");
    const auto policy = std::make_unique<TrainedPolicy<MaskedPole, Net>>();
    CHECK_NOTHROW(std::make_unique<TrainedPolicy<MaskedPole, Net>>()->read(policy->facts()));
    CHECK_THROWS_WITH((std::make_unique<TrainedPolicy<Turned, Net>>()->read(policy->facts())),
                      Catch::Contains("another environment") &&
                          Catch::Contains("masked_2_0_of_cart_pole") &&
                          Catch::Contains("masked_0_2_of_cart_pole"));
}

TEST_CASE("Student's quantiles are those of tables") {
    for (const auto& [freedom, quantile] : {std::pair{1.0, 12.706},
                                            {4.0, 2.776},
                                            {5.0, 2.571},
                                            {9.0, 2.262},
                                            {19.0, 2.093},
                                            {99.0, 1.984}}) {
        CHECK(detail::student_quantile(freedom) == Approx(quantile).epsilon(2e-3));
    }
}

TEST_CASE("Each environment can be drawn") {
    TextPicture picture(41, 11);
    CartPole<>::State pole{};
    Drawing<CartPole<>>::draw({}, pole, picture);
    CHECK(picture.at(20, 10) == '#');  // the cart in the middle of the track
    CHECK(picture.at(20, 5) == '|');
    CHECK(picture.at(0, 10) == '_');
    pole.position = 1.2F;
    Drawing<CartPole<>>::draw({}, pole, picture);
    CHECK(picture.at(30, 10) == '#');
    CHECK(picture.at(20, 10) == '_');
    Breakout<>::State game;
    Breakout<>::begin(true, game);
    TextPicture grid(10, 10);
    Drawing<Breakout<>>::draw({}, game, grid);
    CHECK(grid.text() == std::string("          \n##########\n##########\no#########\n") +
                             "          \n          \n          \n          \n          \n" +
                             "    =     \n");
    picture.put(std::numeric_limits<double>::quiet_NaN(), 0, '!');
    CHECK(picture.text().find('!') == std::string::npos);
    CHECK_THROWS_WITH(TextPicture(0, 3), Catch::Contains("columns"));
}

namespace {

using Balloon = ProcessEnvironment<2, DiscreteActions<2>, 50>;

/// Says what it is, and then each of `answers` for a line that it is told.
std::shared_ptr<Balloon::Connection> puppet(const std::string& answers, double seconds = 5) {
    std::string script = "echo tdca-world 1 observations 2 choices 2; " + answers;
    return std::make_shared<Balloon::Connection>(script, seconds);
}

}  // namespace

TEST_CASE("A world in another program is acted in line by line") {
    const std::string balloon =
        TDCA_PYTHON " " + std::string(TDCA_GENOME_FOLDER) + "/../worlds/balloon.py";
    const Balloon::Settings settings{std::make_shared<Balloon::Connection>(balloon)};
    Balloon::State state;
    Balloon::reset(settings, Key(3), state);
    std::array<float, 2> seen;
    Balloon::observe(settings, state, std::span<float, 2>(seen));
    auto height = static_cast<double>(seen[0]);
    double speed = 0;
    for (std::size_t t = 0; t < 20; ++t) {
        const auto result = Balloon::step(settings, t % 3 == 0 ? 0 : 1, state);
        speed = 0.95 * speed + (t % 3 == 0 ? -0.03 : 0.03);
        height += speed;
        Balloon::observe(settings, state, std::span<float, 2>(seen));
        REQUIRE(static_cast<double>(seen[0]) == Approx(height).margin(1e-5));
        REQUIRE(static_cast<double>(seen[1]) == Approx(speed).margin(1e-5));
        REQUIRE(static_cast<double>(result.reward) == Approx(1 - std::abs(height)).margin(1e-5));
        if (result.terminated) break;
    }
    ReplayAgent<Balloon> life;
    std::vector<Episode> episodes;
    life.live(shipped<ReplayAgent<Balloon>::Genome>("cart_pole"), settings, Key(1), {.episodes = 3},
              episodes);
    CHECK(episodes.size() == 3);
}

namespace {

/// Fails in the third step of an episode, as a world in another program does.
struct Failing {
    static constexpr std::string_view name = "failing";
    using scalar = float;
    using observation_shape = Shape<2>;
    using actions = DiscreteActions<2>;
    static constexpr std::size_t episode_limit = 5;
    struct Settings {
        bool is_cut = false;  ///< whether the episode goes on until it is cut off
    };
    struct State {
        std::size_t steps = 0;
    };
    static void reset(const Settings& /*settings*/, Key /*key*/, State& state) { state = {}; }
    static void observe(const Settings& /*settings*/, const State& /*state*/,
                        std::span<float, 2> out) noexcept {
        std::ranges::fill(out, 0.5F);
    }
    static StepResult<float> step(const Settings& settings, std::size_t /*action*/,
                                  State& state) noexcept {
        if (++state.steps < 3) return {1, false};
        return {unknown, !settings.is_cut};
    }
    static void require_sound(const Settings& /*settings*/) { throw Error(name, "it is broken"); }

    static constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
};

template <class Settings>
Settings cut(bool is_cut) {
    Settings settings;
    if constexpr (requires { settings.inner; }) {
        settings.inner = cut<decltype(settings.inner)>(is_cut);
    } else {
        settings.is_cut = is_cut;
    }
    return settings;
}

}  // namespace

TEMPLATE_TEST_CASE("Whoever acts in a world that fails is told, whatever it is wrapped in",
                   "[fault]", Failing, (Masked<Failing, 1>), (Masked<Failing, 1, 0>),
                   Rearranged<Failing>, (Masked<Rearranged<Failing>, 0>),
                   (Rearranged<Masked<Failing, 1, 0>>)) {
    using Env = TestType;
    using Life = ReplayAgent<Env>;
    const auto broken = Catch::Contains("failing: it is broken");
    for (const bool is_cut : {false, true}) {
        const auto settings = cut<typename Env::Settings>(is_cut);
        const auto policy = std::make_unique<TrainedPolicy<Env, typename Life::Net>>();
        CHECK_THROWS_WITH(evaluate_policy(*policy, settings, Key(1), 1), broken);
        CHECK_THROWS_WITH((PolicyPlayer<Env, typename Life::Net>(*policy).play(settings, Key(1),
                                                                               [](const auto&) {})),
                          broken);

        CheckedEnvironment<Env> checked;
        checked.reset(settings, Key(1));
        for (std::size_t t = 1; t < (is_cut ? 5U : 3U); ++t) CHECK_NOTHROW(checked.step(0));
        CHECK_THROWS_WITH(checked.step(0), broken);
        CHECK(checked.is_over());
        CHECK_THROWS_WITH(checked.step(0), Catch::Contains("past the end"));

        EnvironmentBatch<Env, 2> batch;
        batch.reset(settings, Key(1));
        const std::array<std::size_t, 2> actions{};
        for (std::size_t t = 1; t < (is_cut ? 5U : 3U); ++t) CHECK_NOTHROW(batch.step(actions));
        CHECK_THROWS_WITH(batch.step(actions), broken);
        CHECK_THROWS_WITH(batch.step(actions), Catch::Contains("before an episode has begun"));

        Life life;
        typename Life::Genome genome;
        life.initialize(genome, Key(0));
        std::vector<Episode> episodes;
        CHECK_THROWS_WITH(life.live(genome, settings, Key(1), {.episodes = 2}, episodes), broken);
        CHECK(episodes.empty());
    }
}

TEST_CASE("A world in another program is sent numbers in [-1, 1]", "[fault]") {
    using Engine = ProcessEnvironment<1, ContinuousActions<2>, 5>;
    // It gives back what it is sent: as observation the first number, as reward the second.
    const Engine::Settings settings{std::make_shared<Engine::Connection>(
        "echo tdca-world 1 observations 1 numbers 2; read a; echo 0; "
        "while read step first second; do echo $second 0 $first; done")};
    Engine::State state;
    Engine::reset(settings, Key(1), state);
    const auto sent = [&](std::array<float, 2> action) {
        const auto result = Engine::step(settings, action, state);
        return std::pair(settings.world->observation()[0], result.reward);
    };
    CHECK(sent({5, -7.5F}) == std::pair(1.0F, -1.0F));
    CHECK(sent({-3.4e38F, 1.0000001F}) == std::pair(-1.0F, 1.0F));
    CHECK(sent({0.1F, -1e-30F}) == std::pair(0.1F, -1e-30F));
}

TEST_CASE("What a world in another program answers is told in short", "[fault]") {
    for (const std::string answer : {"head -c 900000 /dev/zero | tr '\\0' 1; echo",
                                     "head -c 900000 /dev/zero | tr '\\0' x; echo",
                                     "yes 1 | head -n 40000 | tr '\\n' ' '; echo"}) {
        const Balloon::Settings settings{puppet("read a; " + answer)};
        Balloon::State state;
        try {
            Balloon::reset(settings, Key(1), state);
            FAIL("the answer is taken");
        } catch (const Error& error) {
            INFO(error.what());
            CHECK(std::string(error.what()).size() < 400);
        }
    }
}

TEST_CASE("A world in another program that fails is named, and how") {
    const auto fails = [](const std::string& answers, const char* why, double seconds = 5) {
        INFO(answers);
        ReplayAgent<Balloon> life;
        ReplayAgent<Balloon>::Genome genome;
        life.initialize(genome, Key(0));
        std::vector<Episode> episodes;
        CHECK_THROWS_WITH(
            [&] {
                const Balloon::Settings settings{puppet(answers, seconds)};
                life.live(genome, settings, Key(1), {.episodes = 2}, episodes);
            }(),
            Catch::Contains(why));
        CHECK(episodes.empty());
    };
    fails("exit 3", "has ended, with exit code 3");
    fails("read x; echo 0 0; read x; kill -9 $$", "was ended by signal 9");
    fails("read x; echo 0 0; read x; exec >&- <&-; sleep 5", "has closed its output");
    fails("read x; echo what", "an answer that is no numbers (expected 2 numbers, found \"what\")");
    fails("read x; echo 1 2 3", "an answer of another width");
    fails("read x; echo 1 nan", "observation 1 that is not finite");
    fails("read x; echo 0 0; read x; echo inf 0 0 0", "a reward that is not finite");
    fails("read x; echo 0 0; read x; echo 1 2 0 0", "whether the episode is over is unclear");
    fails("read x; echo 0 0; read x; echo 1 0 0", "an answer of another width");
    fails("read x; sleep 5", "no answer within 0.2 seconds", 0.2);
    CHECK_THROWS_WITH(Balloon::Connection("echo hello"), Catch::Contains("another kind of world"));
    CHECK_THROWS_WITH(Balloon::Connection("no-such-program 2> /dev/null"),
                      Catch::Contains("exit code 127"));
    CHECK_THROWS_WITH(Balloon::Connection("true", -1), Catch::Contains("must be positive"));
    Balloon::State state;
    CHECK_THROWS_WITH(Balloon::reset({}, Key(1), state), Catch::Contains("no world"));
}
