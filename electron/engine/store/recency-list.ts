/**
 * Least-recently-used order as a list through the nodes themselves: a touch
 * allocates nothing and, unlike deleting from and setting in a Map again, never
 * makes a table grow or rehash. The memory store keeps its slots in one.
 */

export interface RecencyNode<Node> {
  older: Node | null;
  newer: Node | null;
}

export class RecencyList<Node extends RecencyNode<Node>> {
  private newestNode: Node | null = null;
  private oldestNode: Node | null = null;

  get oldest(): Node | null {
    return this.oldestNode;
  }

  /** `node` must not be in the list. */
  add(node: Node): void {
    node.older = this.newestNode;
    node.newer = null;
    if (this.newestNode === null) this.oldestNode = node;
    else this.newestNode.newer = node;
    this.newestNode = node;
  }

  /** `node` must be in the list. */
  remove(node: Node): void {
    if (node.newer === null) this.newestNode = node.older;
    else node.newer.older = node.older;
    if (node.older === null) this.oldestNode = node.newer;
    else node.older.newer = node.newer;
    node.older = null;
    node.newer = null;
  }

  touch(node: Node): void {
    if (node === this.newestNode) return;
    this.remove(node);
    this.add(node);
  }

  clear(): void {
    this.newestNode = null;
    this.oldestNode = null;
  }
}
