/** Python text of `heddle`: memory that TypeScript and Python share. */
export const HEDDLE_SHARED = `
class SharedBytes(_Handle):
    """Memory shared with TypeScript and other interpreters: what is read or written is copied once.

    Whoever has it sees at once what others write; there is no order but that of locks and channels.
    """

    __slots__ = ()

    @property
    def nbytes(self):
        """Bytes of all elements."""
        return _heddle.shared_info(self._n)[0]

    @property
    def itemsize(self):
        """Bytes of an element."""
        return _heddle.shared_info(self._n)[1]

    @property
    def format(self):
        """The elements' format, as that of a memoryview."""
        return _heddle.shared_info(self._n)[2]

    def __len__(self):
        size, each, _ = _heddle.shared_info(self._n)
        return size // each

    def read(self, start=0, stop=None):
        """The bytes from start to stop."""
        start, stop, _ = slice(start, stop).indices(self.nbytes)
        return _heddle.shared_read(self._n, start, max(start, stop))

    def write(self, data, start=0):
        """Writes bytes, or whatever exposes its memory, from byte start on."""
        _heddle.shared_write(self._n, self._offset(start), data)

    def readinto(self, buffer, start=0):
        """Fills a writable buffer with the bytes from start on."""
        _heddle.shared_into(self._n, self._offset(start), buffer)

    def _offset(self, start):
        import operator
        start = operator.index(start)
        if start < 0:
            raise ValueError(f"start must be at least 0, received {start}")
        return start

    def _range(self, key):
        """Bytes from and to which the elements of a slice lie."""
        size, each, _ = _heddle.shared_info(self._n)
        start, stop, step = key.indices(size // each)
        if step != 1:
            raise ValueError("shared memory is sliced in steps of one")
        return start * each, max(start, stop) * each

    def _place(self, key):
        import operator
        index, length = operator.index(key), len(self)
        if not -length <= index < length:
            raise IndexError(f"index {index} is outside shared memory of {length} elements")
        return index % length * self.itemsize

    def __getitem__(self, key):
        _, each, form = _heddle.shared_info(self._n)
        if not isinstance(key, slice):
            at = self._place(key)
            return memoryview(_heddle.shared_read(self._n, at, at + each)).cast(form)[0]
        data = _heddle.shared_read(self._n, *self._range(key))
        return data if form == "B" else memoryview(data).cast(form)

    def __setitem__(self, key, value):
        if not isinstance(key, slice):
            import struct
            self.write(struct.pack(self.format, value), self._place(key))
            return
        start, stop = self._range(key)
        size = memoryview(value).nbytes
        if size != stop - start:
            raise ValueError(f"the slice has {stop - start} bytes, received {size}")
        self.write(value, start)

    __eq__, __hash__ = object.__eq__, object.__hash__

    def __repr__(self):
        return f"<SharedBytes of {self.nbytes} bytes, format {self.format!r}>"


def shared_bytes(n):
    """Makes memory of n bytes, zero at first, that can be sent to whomever."""
    import operator
    n = operator.index(n)
    if n < 0:
        raise ValueError(f"n must be at least 0, received {n}")
    return _heddle.shared_new(n)
`
