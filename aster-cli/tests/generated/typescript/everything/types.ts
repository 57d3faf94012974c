// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service Every.Thing_*/_"x", version 1, contract dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170

export class AlphaItem {
  name: string = "";
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  count: number = 1;

  constructor(init: Partial<AlphaItem> = {}) {
    Object.assign(this, init);
  }
}

export class BetaItem {
  price: number = 0;

  constructor(init: Partial<BetaItem> = {}) {
    Object.assign(this, init);
  }
}

/** A colour. */
export const Color = {
  /** Like fire. */
  Red: "red",
  DarkBlue: "DARK_BLUE",
  Class: "class",
} as const;

/** A colour. */
export type Color = (typeof Color)[keyof typeof Color];

export class Containers {
  items: Array<AlphaItem> = [];
  others: Array<number | null> = [];
  table: Record<string, BetaItem> = {};
  by_number: Record<string, Array<string>> = {};
  tags: Array<string> = [];
  colors: Array<Color> = [];
  maybe_list: Array<number> | null = null;
  maybe_text: string | null = "given";
  maybe_item: AlphaItem | null = null;
  defaults: Array<number> = [1, 2, 3];
  weights: Record<string, number> = { ["a"]: 1.5 };
  item: AlphaItem = new AlphaItem({ name: "x" });
  color: Color = Color.DarkBlue;
  maybe_color: Color | null = null;
  widths: Array<number> = [];
  times: Array<string> = [];

  constructor(init: Partial<Containers> = {}) {
    Object.assign(this, init);
  }
}

/** Fields that carry their types. */
export class Dynamic {
  anything: unknown = null;
  list: Array<string> = [];
  dict: Record<string, number> = {};
  maybe: Record<string, string> | null = null;

  constructor(init: Partial<Dynamic> = {}) {
    Object.assign(this, init);
  }
}

export class Needs {
  /** Must be given. */
  id!: string;
  note: string = "";
  /**
   * Must be given.
   *
   * An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER.
   */
  level!: number;

  constructor(init: Partial<Needs> & Pick<Needs, "id" | "level">) {
    Object.assign(this, init);
  }
}

export class Nothing {
}

/** One field of each width. */
export class Scalars {
  flag: boolean = true;
  tiny: number = -128;
  small: number = -3;
  medium: number = 0;
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  large: number = -9223372036854775808;
  utiny: number = 255;
  usmall: number = 0;
  umedium: number = 4294967295;
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  ularge: number = 18446744073709551615;
  single: number = 0.5;
  /** A figure. */
  double: number = 1e300;
  text: string = "a \"quoted\" \\ line\nand another \u{202e} é";
  raw: Uint8Array = new Uint8Array([0, 1, 34, 255, 92, 110]);
  day: string = "1970-01-01";
  moment: string = "1970-01-01T00:00:00Z";

  constructor(init: Partial<Scalars> = {}) {
    Object.assign(this, init);
  }
}

/** Names that are none somewhere. */
export class Strange {
  class: string = "";
  agentId: string = "";
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  "größe": number = 0;
  "a-b": string = "x";
  str: string = "";
  self: string = "";
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  type: number = 7;
  __x: boolean = false;

  constructor(init: Partial<Strange> = {}) {
    Object.assign(this, init);
  }
}

/** A type that holds itself. */
export class Node {
  label: string = "";
  children: Array<Node> = [];
  /** Another one. */
  next: Node | null = null;

  constructor(init: Partial<Node> = {}) {
    Object.assign(this, init);
  }
}

/**
 * Ends *\/ every `comment` """ and ''' \ in \u0022 it.
 * ```
 * fn main() { std::process::exit(1) }
 * ```
 * </script><script>alert(1)</script>
 * // @ ts-expect-error �back
 * /// # coding: utf-7
 */
export class Request {
  scalars: Scalars = new Scalars();
  containers: Containers = new Containers();
  dynamic: Dynamic = new Dynamic();
  strange: Strange = new Strange();
  tree: Node = new Node();
  left: AlphaItem = new AlphaItem();
  right: BetaItem = new BetaItem();

  constructor(init: Partial<Request> = {}) {
    Object.assign(this, init);
  }
}
