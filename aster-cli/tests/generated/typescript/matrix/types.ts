// Made by the aster command; do not edit. To make it again:
// aster contract gen-client SOURCE --lang typescript --out DIR
//
// Service Matrix, version 1, contract 909b7a2f83a54a54ed0c443946131bb8f6ac8809b16ea3ed99aef9a861edfd3a
// Service MatrixSession, version 1, contract 7727dfcd3e0236344383fbd59f4c2f3b9d3c5cc83c6d2110026765c9603a10f1

export class Blob {
  name: string = "";
  raw: Uint8Array = new Uint8Array();

  constructor(init: Partial<Blob> = {}) {
    Object.assign(this, init);
  }
}

export class Inner {
  label: string = "";
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  value: number = 0;

  constructor(init: Partial<Inner> = {}) {
    Object.assign(this, init);
  }
}

export class Request {
  text: string = "";
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  n: number = 0;
  ratio: number = 0;
  flag: boolean = false;
  items: Array<string> = [];
  table: Record<string, number> = {};
  note: string | null = null;
  inner: Inner = new Inner();

  constructor(init: Partial<Request> = {}) {
    Object.assign(this, init);
  }
}

export class Reply {
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  index: number = 0;
  request: Request = new Request();

  constructor(init: Partial<Reply> = {}) {
    Object.assign(this, init);
  }
}

export class Total {
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  count: number = 0;
  /** An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER. */
  sum: number = 0;
  texts: Array<string> = [];

  constructor(init: Partial<Total> = {}) {
    Object.assign(this, init);
  }
}
