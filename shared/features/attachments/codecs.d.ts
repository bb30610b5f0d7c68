/** The codecs' own types are incomplete. The bundler imports `.wasm` files as bytes. */
declare module '*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}

interface CodecPicture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

declare module '@jsquash/jpeg/decode.js' {
  export function init(module: WebAssembly.Module): Promise<void>;
  export default function decode(bytes: ArrayBuffer): Promise<CodecPicture>;
}
declare module '@jsquash/png/decode.js' {
  export function init(module: WebAssembly.Module): Promise<void>;
  export default function decode(bytes: ArrayBuffer): Promise<CodecPicture>;
}
declare module '@jsquash/webp/decode.js' {
  export function init(module: WebAssembly.Module): Promise<void>;
  export default function decode(bytes: ArrayBuffer): Promise<CodecPicture>;
}
declare module '@jsquash/webp/encode.js' {
  export function init(module: WebAssembly.Module): Promise<void>;
  export default function encode(picture: CodecPicture, options: { readonly quality: number }): Promise<ArrayBuffer>;
}
declare module '@jsquash/png/codec/pkg/squoosh_png_bg.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
