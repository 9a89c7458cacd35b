import type { Random } from '../../random.ts';

const adjectives =
  'able agile amber ample arctic autumn azure basalt bold brave breezy bright brisk calm candid cheerful chestnut clever cobalt copper coral cosmic crimson curious daring dapper dazzling deft dusky eager early earnest ebony elegant emerald fabled fancy fearless festive fleet fluent fond gentle gilded glad gleaming golden graceful grand hardy hazel hearty helpful hidden honest humble indigo ivory jade jolly jovial keen kind lively loyal lucid lucky lunar magenta maroon mellow merry mighty mindful misty modest nimble noble olive opal patient peaceful pearl placid plucky polar polite proud quartz quick quiet radiant rapid rosy ruby rustic sage sapphire scarlet serene sharp shy silent silver sincere sleek smart smooth snowy solar solid spirited splendid spry steady stellar sterling sunny swift teal tidy topaz tranquil trusty turquoise upbeat valiant velvet vibrant violet vivid warm wise witty zesty'.split(
    ' ',
  );

const animals =
  'albatross alpaca antelope badger barracuda bear beaver bison bobcat bonobo buffalo bustard camel caracal caribou cheetah chinchilla cicada civet coati cockatoo condor cougar coyote crane cricket crow cuckoo curlew deer dingo dolphin dormouse dove dragonfly duck eagle echidna egret eland elk ermine falcon ferret finch firefly flamingo fox gazelle gecko gibbon gnu goldfinch goose gopher grebe grouse gull hare harrier hawk hedgehog heron hornbill hyrax ibex ibis iguana impala jackal jackdaw jaguar jay kestrel kingfisher kite kiwi koala kudu lapwing lark lemming lemur leopard linnet lizard llama lobster lory lynx macaw magpie mallard manatee marmot marten meerkat merlin mink mole mongoose moose moth mouse narwhal newt nightingale nightjar ocelot octopus okapi oriole osprey otter owl panda pangolin parrot partridge pelican penguin petrel pigeon pika plover porcupine puffin puma quail quokka rabbit raccoon raven reindeer robin rook salamander sandpiper seal serval shrew skink skylark sloth sparrow starling stingray stoat stork swallow swan swift tapir tarsier tern thrush toucan turtle viper vole wallaby walrus warbler weasel whale wolf wombat woodpecker wren yak zebra'.split(
    ' ',
  );

/** A random name for a run: an adjective and an animal, such as `amber-otter`. Names may repeat. */
export function randomRunName(random: Random): string {
  return `${pick(adjectives, random)}-${pick(animals, random)}`;
}

function pick(words: readonly string[], random: Random): string {
  return words[Math.floor(random.fraction() * words.length)] ?? 'run';
}
