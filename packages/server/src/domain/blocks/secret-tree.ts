import { ALL_BELOW, type SecretPath } from './secret-paths.ts';

/** Paths of secrets as a prefix tree, so that data is walked once for any number of paths. */
export type SecretTree = {
  /** Whether a path ends here. */
  ends: boolean;
  /** Whether everything below is secret. */
  all: boolean;
  /** The continuation of paths for any name. */
  any: SecretTree | undefined;
  named: Map<string, SecretTree>;
};

/** The tree of some paths. */
export function secretTree(paths: readonly SecretPath[]): SecretTree {
  const root = emptyTree();
  for (const path of paths) {
    let tree = root;
    for (const step of path) {
      if (step === ALL_BELOW) {
        tree.all = true;
        break;
      }
      tree = step === null ? anyOf(tree) : namedOf(tree, step);
    }
    if (path.at(-1) !== ALL_BELOW) tree.ends = true;
  }
  return root;
}

/** The continuation of paths in a field. */
export function below(trees: readonly SecretTree[], name: string): SecretTree[] {
  return trees.flatMap(({ named, any }) => [named.get(name), any]).filter((tree) => tree !== undefined);
}

function emptyTree(): SecretTree {
  return { ends: false, all: false, any: undefined, named: new Map() };
}

function anyOf(tree: SecretTree): SecretTree {
  tree.any ??= emptyTree();
  return tree.any;
}

function namedOf(tree: SecretTree, name: string): SecretTree {
  const known = tree.named.get(name) ?? emptyTree();
  tree.named.set(name, known);
  return known;
}
