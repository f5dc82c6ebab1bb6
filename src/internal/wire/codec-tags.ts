/**
 * The bytes of a message, in 32-bit words from an 8-aligned start.
 *
 *   header    [ flags | shapes << 8 ]  [ offset of the tail from the start, in words ]
 *   body      the value; every value begins with a word [ tag | payload << 8 ]
 *   later     contents of containers that lay too deep for one recursion, in order of appearance
 *   tail      freight when FREIGHT is set: [ count ] then count * FREIGHT_WORDS
 *             shapes: [ hash ] [ words ] [ keys ] then per key [ length << 1 | wide ] and its units
 *
 * A *shape* is the list of keys of a plain object, written once per message. *Freight* is what a
 * message owns beside its bytes: references of handles, moved buffers, shared buffers. It lies in a
 * table so that a message can be discarded without decoding it.
 *
 * Objects are numbered in order of appearance, without being written; REFERENCE names such a
 * number.
 */

/** Some object appears twice, or contents come later: the decoder must number objects. */
export const NUMBERED = 1
/** The tail begins with freight. */
export const FREIGHT = 2

/** Flags and offset of the tail. */
export const HEADER_WORDS = 2
/** One entry of the freight table. */
export const FREIGHT_WORDS = 4

/** Freight: kind of a handle in the upper bits; its number as a double in words 2 and 3. */
export const FREIGHT_HANDLE = 1
/** Freight: home in word 1, id in word 2, written by commit. */
export const FREIGHT_PARCEL = 2
/** Freight: a SharedArrayBuffer's id as a double in words 2 and 3. */
export const FREIGHT_SHARED = 3

/** The value itself, like the next three: no payload. */
export const UNDEFINED = 0
/** The value itself. */
export const NULL = 1
/** The value itself. */
export const FALSE = 2
/** The value itself. */
export const TRUE = 3
/** Payload: the integer, signed 24 bits. */
export const INT24 = 4
/** The integer in the next word. */
export const INT32 = 5
/** The number in the next two words. */
export const DOUBLE = 6
/** Payload: length. One byte per unit. */
export const STRING = 7
/** Payload: length. Two bytes per unit. */
export const STRING_WIDE = 8
/** Length in the next word; payload 1 when two bytes per unit. */
export const STRING_LONG = 9
/** 64 bits, signed. */
export const BIGINT64 = 10
/** Payload 1 when negative; then the magnitude in hexadecimal as a string. */
export const BIGINT = 11
/** Payload: shape. Then the values. */
export const OBJECT = 12
/** The same, without a prototype. */
export const OBJECT_NULL = 13
/** Length as unsigned word; then the elements. */
export const ARRAY = 14
/** The same, then named properties: a count, keys and values. */
export const ARRAY_FIELDS = 15
/** Payload: how many elements are missing here. */
export const HOLES = 16
/** The rest of an array: count, then index and value pairs. */
export const SPARSE = 17
/** Payload: the number of an object that appeared before. */
export const REFERENCE = 18
/** Payload: tag of a container whose contents come after the body. ARRAY: its length follows. */
export const LATER = 19
/** Size, then keys and values. */
export const MAP = 20
/** Size, then members. */
export const SET = 21
/** Time as a double. */
export const DATE = 22
/** Source and flags. */
export const REGEXP = 23
/** A primitive follows. */
export const BOXED = 24
/** Payload 1 when resizable; length, [maximum,] bytes from the next multiple of 8. */
export const BUFFER = 25
/** Payload: class of view. Offset, length, then the buffer. */
export const VIEW = 26
/** Payload: length. Bytes; a Node `Buffer` of its own. */
export const NODE_BUFFER = 27
/** Payload: class. Stack, count of fields, then key, value and enumerability of each. */
export const ERROR = 28
/** Message, name, stack, count of fields. */
export const DOM_EXCEPTION = 29
/** Id, then data. */
export const INSTANCE = 30
/** The next freight entry. */
export const FREIGHT_NEXT = 31

/** Largest unsigned payload. */
export const PAYLOAD_MAX = 0xff_ffff
