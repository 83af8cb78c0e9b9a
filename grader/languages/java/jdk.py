"""Types that the JDK's packages give to a wildcard import (and `java.lang` to every file).

Listed from the module image of JDK 17 (public top-level types), with the later additions to `java.lang` up to JDK 25.
"""

from __future__ import annotations

from types import MappingProxyType

PACKAGES = MappingProxyType(
    {
        "java.lang": frozenset(
            (
                "AbstractMethodError Appendable ArithmeticException ArrayIndexOutOfBoundsException ArrayStoreException AssertionError "
                "AutoCloseable Boolean BootstrapMethodError Byte CharSequence Character Class ClassCastException ClassCircularityError "
                "ClassFormatError ClassLoader ClassNotFoundException ClassValue CloneNotSupportedException Cloneable Comparable Compiler "
                "Deprecated Double Enum EnumConstantNotPresentException Error Exception ExceptionInInitializerError Float FunctionalInterface IO "
                "IllegalAccessError IllegalAccessException IllegalArgumentException IllegalCallerException IllegalMonitorStateException "
                "IllegalStateException IllegalThreadStateException IncompatibleClassChangeError IndexOutOfBoundsException InheritableThreadLocal "
                "InstantiationError InstantiationException Integer InternalError InterruptedException Iterable LayerInstantiationException "
                "LinkageError Long MatchException Math Module ModuleLayer NegativeArraySizeException NoClassDefFoundError NoSuchFieldError "
                "NoSuchFieldException NoSuchMethodError NoSuchMethodException NullPointerException Number NumberFormatException Object "
                "OutOfMemoryError Override Package Process ProcessBuilder ProcessHandle Readable Record ReflectiveOperationException Runnable "
                "Runtime RuntimeException RuntimePermission SafeVarargs ScopedValue SecurityException SecurityManager Short StableValue "
                "StackOverflowError StackTraceElement StackWalker StrictMath String StringBuffer StringBuilder StringIndexOutOfBoundsException "
                "StringTemplate SuppressWarnings System Thread ThreadDeath ThreadGroup ThreadLocal Throwable TypeNotPresentException UnknownError "
                "UnsatisfiedLinkError UnsupportedClassVersionError UnsupportedOperationException VerifyError VirtualMachineError Void "
                "WrongThreadException"
            ).split()
        ),
        "java.util": frozenset(
            (
                "AbstractCollection AbstractList AbstractMap AbstractQueue AbstractSequentialList AbstractSet ArrayDeque ArrayList Arrays Base64 "
                "BitSet Calendar Collection Collections Comparator ConcurrentModificationException Currency Date Deque Dictionary "
                "DoubleSummaryStatistics DuplicateFormatFlagsException EmptyStackException EnumMap EnumSet Enumeration EventListener "
                "EventListenerProxy EventObject FormatFlagsConversionMismatchException Formattable FormattableFlags Formatter "
                "FormatterClosedException GregorianCalendar HashMap HashSet Hashtable HexFormat IdentityHashMap IllegalFormatCodePointException "
                "IllegalFormatConversionException IllegalFormatException IllegalFormatFlagsException IllegalFormatPrecisionException "
                "IllegalFormatWidthException IllformedLocaleException InputMismatchException IntSummaryStatistics "
                "InvalidPropertiesFormatException Iterator LinkedHashMap LinkedHashSet LinkedList List ListIterator ListResourceBundle Locale "
                "LongSummaryStatistics Map MissingFormatArgumentException MissingFormatWidthException MissingResourceException NavigableMap "
                "NavigableSet NoSuchElementException Objects Observable Observer Optional OptionalDouble OptionalInt OptionalLong "
                "PrimitiveIterator PriorityQueue Properties PropertyPermission PropertyResourceBundle Queue Random RandomAccess ResourceBundle "
                "Scanner SequencedCollection SequencedMap SequencedSet ServiceConfigurationError ServiceLoader Set SimpleTimeZone SortedMap "
                "SortedSet Spliterator Spliterators SplittableRandom Stack StringJoiner StringTokenizer TimeZone Timer TimerTask "
                "TooManyListenersException TreeMap TreeSet UUID UnknownFormatConversionException UnknownFormatFlagsException Vector WeakHashMap"
            ).split()
        ),
        "java.util.function": frozenset(
            (
                "BiConsumer BiFunction BiPredicate BinaryOperator BooleanSupplier Consumer DoubleBinaryOperator DoubleConsumer DoubleFunction "
                "DoublePredicate DoubleSupplier DoubleToIntFunction DoubleToLongFunction DoubleUnaryOperator Function IntBinaryOperator "
                "IntConsumer IntFunction IntPredicate IntSupplier IntToDoubleFunction IntToLongFunction IntUnaryOperator LongBinaryOperator "
                "LongConsumer LongFunction LongPredicate LongSupplier LongToDoubleFunction LongToIntFunction LongUnaryOperator ObjDoubleConsumer "
                "ObjIntConsumer ObjLongConsumer Predicate Supplier ToDoubleBiFunction ToDoubleFunction ToIntBiFunction ToIntFunction "
                "ToLongBiFunction ToLongFunction UnaryOperator"
            ).split()
        ),
        "java.util.stream": frozenset(
            "BaseStream Collector Collectors DoubleStream Gatherer Gatherers IntStream LongStream Stream StreamSupport".split()
        ),
        "java.util.concurrent": frozenset(
            (
                "AbstractExecutorService ArrayBlockingQueue BlockingDeque BlockingQueue BrokenBarrierException Callable CancellationException "
                "CompletableFuture CompletionException CompletionService CompletionStage ConcurrentHashMap ConcurrentLinkedDeque "
                "ConcurrentLinkedQueue ConcurrentMap ConcurrentNavigableMap ConcurrentSkipListMap ConcurrentSkipListSet CopyOnWriteArrayList "
                "CopyOnWriteArraySet CountDownLatch CountedCompleter CyclicBarrier DelayQueue Delayed Exchanger ExecutionException Executor "
                "ExecutorCompletionService ExecutorService Executors Flow ForkJoinPool ForkJoinTask ForkJoinWorkerThread Future FutureTask "
                "LinkedBlockingDeque LinkedBlockingQueue LinkedTransferQueue Phaser PriorityBlockingQueue RecursiveAction RecursiveTask "
                "RejectedExecutionException RejectedExecutionHandler RunnableFuture RunnableScheduledFuture ScheduledExecutorService "
                "ScheduledFuture ScheduledThreadPoolExecutor Semaphore StructureViolationException StructuredTaskScope SubmissionPublisher "
                "SynchronousQueue ThreadFactory ThreadLocalRandom ThreadPoolExecutor TimeUnit TimeoutException TransferQueue"
            ).split()
        ),
        "java.io": frozenset(
            (
                "BufferedInputStream BufferedOutputStream BufferedReader BufferedWriter ByteArrayInputStream ByteArrayOutputStream "
                "CharArrayReader CharArrayWriter CharConversionException Closeable Console DataInput DataInputStream DataOutput DataOutputStream "
                "EOFException Externalizable File FileDescriptor FileFilter FileInputStream FileNotFoundException FileOutputStream FilePermission "
                "FileReader FileWriter FilenameFilter FilterInputStream FilterOutputStream FilterReader FilterWriter Flushable IOError "
                "IOException InputStream InputStreamReader InterruptedIOException InvalidClassException InvalidObjectException "
                "LineNumberInputStream LineNumberReader NotActiveException NotSerializableException ObjectInput ObjectInputFilter "
                "ObjectInputStream ObjectInputValidation ObjectOutput ObjectOutputStream ObjectStreamClass ObjectStreamConstants "
                "ObjectStreamException ObjectStreamField OptionalDataException OutputStream OutputStreamWriter PipedInputStream PipedOutputStream "
                "PipedReader PipedWriter PrintStream PrintWriter PushbackInputStream PushbackReader RandomAccessFile Reader SequenceInputStream "
                "Serial Serializable SerializablePermission StreamCorruptedException StreamTokenizer StringBufferInputStream StringReader "
                "StringWriter SyncFailedException UTFDataFormatException UncheckedIOException UnsupportedEncodingException WriteAbortedException "
                "Writer"
            ).split()
        ),
        "java.nio.file": frozenset(
            (
                "AccessDeniedException AccessMode AtomicMoveNotSupportedException ClosedDirectoryStreamException ClosedFileSystemException "
                "ClosedWatchServiceException CopyOption DirectoryIteratorException DirectoryNotEmptyException DirectoryStream "
                "FileAlreadyExistsException FileStore FileSystem FileSystemAlreadyExistsException FileSystemException FileSystemLoopException "
                "FileSystemNotFoundException FileSystems FileVisitOption FileVisitResult FileVisitor Files InvalidPathException LinkOption "
                "LinkPermission NoSuchFileException NotDirectoryException NotLinkException OpenOption Path PathMatcher Paths "
                "ProviderMismatchException ProviderNotFoundException ReadOnlyFileSystemException SecureDirectoryStream SimpleFileVisitor "
                "StandardCopyOption StandardOpenOption StandardWatchEventKinds WatchEvent WatchKey WatchService Watchable"
            ).split()
        ),
        "java.time": frozenset(
            (
                "Clock DateTimeException DayOfWeek Duration Instant InstantSource LocalDate LocalDateTime LocalTime Month MonthDay OffsetDateTime "
                "OffsetTime Period Year YearMonth ZoneId ZoneOffset ZonedDateTime"
            ).split()
        ),
        "java.net": frozenset(
            (
                "Authenticator BindException CacheRequest CacheResponse ConnectException ContentHandler ContentHandlerFactory CookieHandler "
                "CookieManager CookiePolicy CookieStore DatagramPacket DatagramSocket DatagramSocketImpl DatagramSocketImplFactory FileNameMap "
                "HttpCookie HttpRetryException HttpURLConnection IDN Inet4Address Inet6Address InetAddress InetSocketAddress InterfaceAddress "
                "JarURLConnection MalformedURLException MulticastSocket NetPermission NetworkInterface NoRouteToHostException "
                "PasswordAuthentication PortUnreachableException ProtocolException ProtocolFamily Proxy ProxySelector ResponseCache "
                "SecureCacheResponse ServerSocket Socket SocketAddress SocketException SocketImpl SocketImplFactory SocketOption SocketOptions "
                "SocketPermission SocketTimeoutException StandardProtocolFamily StandardSocketOptions URI URISyntaxException URL URLClassLoader "
                "URLConnection URLDecoder URLEncoder URLPermission URLStreamHandler URLStreamHandlerFactory UnixDomainSocketAddress "
                "UnknownHostException UnknownServiceException"
            ).split()
        ),
        "java.nio.charset": frozenset(
            (
                "CharacterCodingException Charset CharsetDecoder CharsetEncoder CoderMalfunctionError CoderResult CodingErrorAction "
                "IllegalCharsetNameException MalformedInputException StandardCharsets UnmappableCharacterException UnsupportedCharsetException"
            ).split()
        ),
        "java.math": frozenset("BigDecimal BigInteger MathContext RoundingMode".split()),
        "java.util.regex": frozenset("MatchResult Matcher Pattern PatternSyntaxException".split()),
    }
)
"""The public types of a package, by its name."""

LANG = PACKAGES["java.lang"]
"""What every file sees without an import."""
