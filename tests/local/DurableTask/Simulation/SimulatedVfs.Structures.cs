using System.Runtime.InteropServices;

namespace Orchestrator.Local.DurableTask.Tests.Simulation;

/// <content>The structures of sqlite3.h: sqlite3_file with what is added to it, sqlite3_vfs, sqlite3_io_methods.</content>
internal static unsafe partial class SimulatedVfs
{
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenFile
    {
        public Methods* Methods;
        public nint Handle;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version;
        public int FileSize;
        public int MaxPath;
        public nint Next;
        public nint Name;
        public nint AppData;
        public delegate* unmanaged[Cdecl]<Vfs*, nint, OpenFile*, int, int*, int> Open;
        public delegate* unmanaged[Cdecl]<Vfs*, nint, int, int> Delete;
        public delegate* unmanaged[Cdecl]<Vfs*, nint, int, int*, int> Access;
        public delegate* unmanaged[Cdecl]<Vfs*, nint, int, byte*, int> FullPathname;
        public nint DlOpen;
        public nint DlError;
        public nint DlSym;
        public nint DlClose;
        public delegate* unmanaged[Cdecl]<Vfs*, int, byte*, int> Randomness;
        public delegate* unmanaged[Cdecl]<Vfs*, int, int> Sleep;
        public delegate* unmanaged[Cdecl]<Vfs*, double*, int> CurrentTime;
        public delegate* unmanaged[Cdecl]<Vfs*, int, nint, int> GetLastError;
        public delegate* unmanaged[Cdecl]<Vfs*, long*, int> CurrentTimeInt64;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Methods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> Close;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<OpenFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<OpenFile*, long*, int> FileSize;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Lock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Unlock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int*, int> CheckReservedLock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, nint, int> FileControl;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> SectorSize;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> DeviceCharacteristics;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int, int, nint*, int> ShmMap;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int, int, int> ShmLock;
        public delegate* unmanaged[Cdecl]<OpenFile*, void> ShmBarrier;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> ShmUnmap;
    }
}
