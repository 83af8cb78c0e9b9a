"""Names that JavaScript, Node, the browser, TypeScript's own library and the test runners give without an import."""

from __future__ import annotations

import re

_LANGUAGE = """
AggregateError Array ArrayBuffer AsyncDisposableStack AsyncFunction Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date DisposableStack Error EvalError
FinalizationRegistry Float16Array Float32Array Float64Array Function GeneratorFunction Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN
Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError TypeError URIError
Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly arguments decodeURI decodeURIComponent encodeURI
encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape
"""

_TYPES = """
Awaited Capitalize ConstructorParameters Exclude Extract InstanceType Lowercase NoInfer NonNullable Omit OmitThisParameter Parameters Partial Pick Readonly
Record Required ReturnType ThisParameterType ThisType Uncapitalize Uppercase
ArrayBufferLike ArrayBufferView ArrayIterator ArrayLike AsyncGenerator AsyncGeneratorFunction AsyncIterable AsyncIterableIterator AsyncIterator BigIntToLocaleStringOptions
BufferSource BuiltinIteratorReturn CallableFunction ClassDecorator ClassDecoratorContext ConcatArray DateConstructor Disposable AsyncDisposable ErrorConstructor
ErrorOptions FlatArray Generator IArguments ImportAssertions ImportAttributes ImportMeta IterableIterator Iterable IteratorObject IteratorResult
IteratorReturnResult IteratorYieldResult MapIterator MethodDecorator NewableFunction ObjectConstructor ParameterDecorator PromiseConstructor PromiseFulfilledResult
PromiseLike PromiseRejectedResult PromiseSettledResult PropertyDecorator PropertyDescriptor PropertyDescriptorMap PropertyKey ProxyHandler ReadonlyArray
ReadonlyMap ReadonlySet ReadonlySetLike RegExpExecArray RegExpMatchArray SetIterator StringIterator SymbolConstructor TemplateStringsArray
TypedPropertyDescriptor WeakKey ArrayConstructor MapConstructor SetConstructor StringConstructor NumberConstructor BooleanConstructor FunctionConstructor
JSX React NodeJS
"""

_NODE = """
AbortController AbortSignal Blob BroadcastChannel Buffer BufferEncoding ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent
DecompressionStream DOMException Event EventSource EventTarget File FormData Headers MessageChannel MessageEvent MessagePort Navigator Performance PerformanceEntry
PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming ReadableByteStreamController ReadableStream
ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request Response Storage SubtleCrypto TextDecoder
TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController URL URLSearchParams WebSocket WritableStream
WritableStreamDefaultController WritableStreamDefaultWriter HeadersInit RequestInit RequestInfo ResponseInit BodyInit BlobPart ReadableStreamReadResult
__dirname __filename atob btoa clearImmediate clearInterval clearTimeout console crypto exports fetch gc global localStorage module navigator performance
process queueMicrotask require root sessionStorage setImmediate setInterval setTimeout structuredClone awslambda Deno Bun NodeRequire NodeModule NodeJSON
"""

_BROWSER = """
AddEventListenerOptions Animation Attr Audio AudioContext CanvasRenderingContext2D CSS CSSRule CSSStyleDeclaration CSSStyleSheet Cache CacheStorage CharacterData ClipboardEvent
Clipboard CloseEvent Comment CustomElementRegistry DOMParser DOMRect DOMRectReadOnly DOMStringMap DOMTokenList DataTransfer Document DocumentFragment DragEvent Element
ErrorEvent EventInit EventListener EventListenerObject EventListenerOptions FileList FileReader FocusEvent FrameRequestCallback Geolocation HashChangeEvent History
IDBDatabase IDBFactory IDBObjectStore IDBRequest IDBTransaction Image ImageBitmap ImageData InputEvent IntersectionObserver IntersectionObserverEntry KeyboardEvent Location
MediaQueryList MediaRecorder MediaStream MouseEvent MutationObserver MutationRecord NamedNodeMap Node NodeList NodeListOf Notification Option OffscreenCanvas PointerEvent
PopStateEvent ProgressEvent PromiseRejectionEvent Range RTCPeerConnection ResizeObserver ResizeObserverEntry Screen Selection ServiceWorker ServiceWorkerRegistration
ShadowRoot StorageEvent StyleSheet SubmitEvent Text TimerHandler Touch TouchEvent TreeWalker UIEvent VideoFrame WheelEvent Window Worker XMLHttpRequest XMLSerializer
XPathResult AlgorithmIdentifier JsonWebKey CryptoKeyPair KeyUsage ScrollBehavior ScrollToOptions
addEventListener alert blur caches cancelAnimationFrame close closed confirm customElements devicePixelRatio dispatchEvent document event focus frames getComputedStyle
history indexedDB innerHeight innerWidth isSecureContext length location matchMedia name open opener origin outerHeight outerWidth parent postMessage print prompt
removeEventListener requestAnimationFrame requestIdleCallback screen screenX screenY scroll scrollTo scrollX scrollY self speechSynthesis status stop top
visualViewport window importScripts clients registration skipWaiting
"""
"""`name`, `event`, `status` and their like are globals of the browser's library: TypeScript accepts them anywhere."""

_RUNNERS = """
after afterAll afterEach before beforeAll beforeEach context cy Cypress chai assert describe expect expectTypeOf fail fdescribe fit it jest jasmine mocha pending run
setup setTimeout specify spyOn suite suiteSetup suiteTeardown teardown test vi vitest xdescribe xit xtest sinon browser page
__ENV __ITER __VU Chai Mocha
"""

GLOBALS = frozenset(f"{_LANGUAGE} {_TYPES} {_NODE} {_BROWSER} {_RUNNERS}".split())
_FAMILIES = re.compile(
    r"^(HTML|SVG|MathML|CSS|DOM|IDB|RTC|WebGL|WebGL2|Web|GPU|XR|Audio|Media|Performance|Text|Speech|Payment|Push|Service|Worker|USB|Bluetooth|Font|Animation|Canvas|Blob|Readable|Writable)"
    r"\w*(Element|ElementTagNameMap|EventMap|Event|Init|Options|Dict|Node|List|Context|RenderingContext|Connection|Request|Stream|Map)$"
)
"""The many types of the browser's library that are named by rule (`HTMLDivElement`, `SVGElementEventMap`)."""


def is_global(name: str) -> bool:
    """Whether a name needs no declaration in any script."""
    return name in GLOBALS or (len(name) > 4 and name[0].isupper() and _FAMILIES.match(name) is not None)
