using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <summary>
/// SQLite's file system over <see cref="SimulatedDisk"/>, so that everything above it is the real SQLite: its log, its
/// checkpoints, its recovery.
/// </summary>
internal static unsafe partial class SimulatedVfs
{
    public const string Name = "simulated";

    private const int Ok = 0;
    private const int Busy = 5;
    private const int CannotOpen = 14;
    private const int NotFound = 12;
    private const int IoRead = 266;
    private const int IoShortRead = 522;
    private const int IoWrite = 778;
    private const int IoSync = 1034;
    private const int PowersafeOverwrite = 0x1000;
    private const int ShmUnlock = 1;
    private const int ShmExclusive = 8;

    private static readonly Lock Gate = new();
    private static Methods* methods;

    public static void Register()
    {
        lock (Gate)
        {
            if (methods != null)
                return;
            SQLitePCL.Batteries_V2.Init();
            methods = NewMethods();
            var vfs = (Vfs*)NativeMemory.AllocZeroed((nuint)sizeof(Vfs));
            *vfs = new Vfs
            {
                Version = 2,
                FileSize = sizeof(OpenFile),
                MaxPath = 1024,
                Name = Marshal.StringToCoTaskMemUTF8(Name),
                Open = &Open,
                Delete = &Delete,
                Access = &Access,
                FullPathname = &FullPathname,
                Randomness = &Randomness,
                Sleep = &Sleep,
                CurrentTime = &CurrentTime,
                GetLastError = &GetLastError,
                CurrentTimeInt64 = &CurrentTimeInt64,
            };
            if (RegisterVfs(vfs, 0) != Ok)
                throw new InvalidOperationException("SQLite did not take the simulated file system.");
        }
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int RegisterVfs(Vfs* vfs, int makeDefault);

    private static Methods* NewMethods()
    {
        var made = (Methods*)NativeMemory.AllocZeroed((nuint)sizeof(Methods));
        *made = new Methods
        {
            Version = 2,
            Close = &Close,
            Read = &Read,
            Write = &Write,
            Truncate = &Truncate,
            Sync = &Sync,
            FileSize = &FileSize,
            Lock = &LockFile,
            Unlock = &UnlockFile,
            CheckReservedLock = &CheckReservedLock,
            FileControl = &FileControl,
            SectorSize = &SectorSize,
            DeviceCharacteristics = &DeviceCharacteristics,
            ShmMap = &ShmMap,
            ShmLock = &ShmLock,
            ShmBarrier = &ShmBarrier,
            ShmUnmap = &ShmUnmap,
        };
        return made;
    }

    private static string PathOf(nint path) => Marshal.PtrToStringUTF8(path)!;

    private static SimulatedHandle HandleOf(OpenFile* file) => (SimulatedHandle)GCHandle.FromIntPtr(file->Handle).Target!;

    private static int Do(OpenFile* file, int error, Action<SimulatedHandle> action)
    {
        var handle = HandleOf(file);
        lock (handle.Disk.Gate)
        {
            if (handle.Disk.Fails())
                return error;
            action(handle);
            return Ok;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* vfs, nint path, OpenFile* file, int flags, int* outFlags)
    {
        file->Methods = null;
        if (SimulatedDisk.Of(PathOf(path)) is not { } disk)
            return CannotOpen;
        lock (disk.Gate)
        {
            var handle = new SimulatedHandle(disk, disk.Open(PathOf(path)));
            handle.Opened();
            file->Methods = methods;
            file->Handle = GCHandle.ToIntPtr(GCHandle.Alloc(handle));
        }
        if (outFlags != null)
            *outFlags = flags;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Delete(Vfs* vfs, nint path, int syncDirectory)
    {
        if (SimulatedDisk.Of(PathOf(path)) is not { } disk)
            return Ok;
        lock (disk.Gate)
            disk.Delete(PathOf(path));
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Access(Vfs* vfs, nint path, int flags, int* result)
    {
        *result = 0;
        if (SimulatedDisk.Of(PathOf(path)) is not { } disk)
            return Ok;
        lock (disk.Gate)
            *result = disk.Exists(PathOf(path)) ? 1 : 0;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FullPathname(Vfs* vfs, nint path, int size, byte* result)
    {
        var bytes = Encoding.UTF8.GetBytes(PathOf(path) + '\0');
        bytes.CopyTo(new Span<byte>(result, size));
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Randomness(Vfs* vfs, int size, byte* result)
    {
        new Span<byte>(result, size).Clear();
        return size;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sleep(Vfs* vfs, int microseconds) => microseconds;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CurrentTime(Vfs* vfs, double* julianDay)
    {
        *julianDay = 2461101;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CurrentTimeInt64(Vfs* vfs, long* milliseconds)
    {
        *milliseconds = 2461101L * 86_400_000;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetLastError(Vfs* vfs, int size, nint text) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(OpenFile* file)
    {
        var handle = HandleOf(file);
        lock (handle.Disk.Gate)
            handle.Closed();
        GCHandle.FromIntPtr(file->Handle).Free();
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(OpenFile* file, byte* target, int size, long offset)
    {
        var handle = HandleOf(file);
        var span = new Span<byte>(target, size);
        lock (handle.Disk.Gate)
        {
            var count = handle.File.Read(span, offset);
            span[count..].Clear();
            return count == size ? Ok : count < 0 ? IoRead : IoShortRead;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(OpenFile* file, byte* source, int size, long offset) =>
        Do(file, IoWrite, handle => handle.File.Write(new ReadOnlySpan<byte>(source, size), offset));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(OpenFile* file, long size) => Do(file, IoWrite, handle => handle.File.Truncate(size));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(OpenFile* file, int flags) => Do(file, IoSync, handle => handle.File.Sync());

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(OpenFile* file, long* size)
    {
        var handle = HandleOf(file);
        lock (handle.Disk.Gate)
            *size = handle.File.Length;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int LockFile(OpenFile* file, int level)
    {
        var handle = HandleOf(file);
        lock (handle.Disk.Gate)
            return handle.TryLock(level) ? Ok : Busy;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int UnlockFile(OpenFile* file, int level)
    {
        var handle = HandleOf(file);
        lock (handle.Disk.Gate)
            handle.Unlock(level);
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CheckReservedLock(OpenFile* file, int* result)
    {
        var handle = HandleOf(file);
        lock (handle.Disk.Gate)
            *result = handle.IsReserved() ? 1 : 0;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileControl(OpenFile* file, int operation, nint argument) => NotFound;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SectorSize(OpenFile* file) => 4096;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int DeviceCharacteristics(OpenFile* file) => PowersafeOverwrite;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmMap(OpenFile* file, int region, int size, int extend, nint* memory)
    {
        var handle = HandleOf(file);
        lock (handle.Disk.Gate)
            *memory = handle.MapMemory(region, size, extend != 0);
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmLock(OpenFile* file, int first, int count, int flags)
    {
        var handle = HandleOf(file);
        var exclusive = (flags & ShmExclusive) != 0;
        lock (handle.Disk.Gate)
        {
            if ((flags & ShmUnlock) == 0)
                return handle.TryLockMemory(first, count, exclusive) ? Ok : Busy;
            handle.UnlockMemory(first, count, exclusive);
            return Ok;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ShmBarrier(OpenFile* file) => Interlocked.MemoryBarrier();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmUnmap(OpenFile* file, int delete)
    {
        var handle = HandleOf(file);
        lock (handle.Disk.Gate)
            handle.UnmapMemory();
        return Ok;
    }
}
