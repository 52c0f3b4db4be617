package dev.davy.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The walls of the house: the compiler holds most of them, this test the rest.
class ArchitectureTest {
    private static JavaClasses classes = new ClassFileImporter().importPackages("none");

    @BeforeAll
    static void readAllOfDavy() {
        classes =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .withImportOption(location -> !location.contains("-tests.jar"))
                        .importPackages("dev.davy");
    }

    @Test
    void modulesKnowEachOtherInNoCircle() {
        slices().matching("dev.davy.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void packagesOfAModuleKnowEachOtherInNoCircle() {
        slices().matching("dev.davy.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void aModuleLooksUpTheListOfModulesNeverDown() throws Exception {
        var order = modules();
        var down = new ArrayList<String>();
        for (var each : classes)
            for (var dependency : each.getDirectDependenciesFromSelf())
                if (looksDown(dependency, order)) down.add(dependency.getDescription());
        assertThat(down).isEmpty();
    }

    private static boolean looksDown(Dependency dependency, List<String> order) {
        int from = order.indexOf(module(dependency.getOriginClass().getPackageName()));
        int to = order.indexOf(module(dependency.getTargetClass().getPackageName()));
        return to > from;
    }

    private static String module(String packageName) {
        var parts = packageName.split("\\.", -1);
        return parts.length > 2 && packageName.startsWith("dev.davy.") ? parts[2] : "";
    }

    /// As the root's pom lists them: that list is the order in which they may know each other.
    private static List<String> modules() throws Exception {
        var pom = Path.of("..", "pom.xml");
        return Pattern.compile("<module>(.*?)</module>")
                .matcher(Files.readString(pom))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void everyModuleOfTheListIsSeenHere() throws Exception {
        var seen = classes.stream().map(each -> module(each.getPackageName())).distinct().toList();
        // The measurements stand after the command and are not part of what is shipped.
        var expected = modules().stream().filter(name -> !name.equals("bench")).toList();
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everyPackageIsNullMarkedAndAtMostOneLevelDeep() {
        var packages =
                classes.getPackage("dev.davy").getSubpackagesInTree().stream()
                        .filter(each -> !each.getClasses().isEmpty())
                        .toList();
        assertThat(packages)
                .filteredOn(each -> !each.isAnnotatedWith(NullMarked.class))
                .extracting(JavaPackage::getName)
                .isEmpty();
        assertThat(packages)
                .extracting(JavaPackage::getName)
                .allMatch(name -> name.split("\\.", -1).length <= 4);
    }

    @Test
    void onlyStrictReadsWhatComesFromOutside() {
        for (var parser :
                List.of(
                        "tools.jackson.databind.ObjectMapper",
                        "tools.jackson.databind.json.JsonMapper",
                        "tools.jackson.core.json.JsonFactory",
                        "com.fasterxml.jackson.core.JsonFactory",
                        "org.snakeyaml.engine.v2.api.Load",
                        "javax.imageio.ImageIO",
                        "javax.sound.sampled.AudioSystem",
                        "java.util.zip.ZipFile",
                        "java.util.zip.ZipInputStream",
                        "java.util.zip.GZIPInputStream",
                        "java.util.zip.InflaterInputStream",
                        "java.util.zip.Inflater",
                        "java.util.jar.JarFile",
                        "java.util.jar.JarInputStream",
                        "org.apache.commons.compress.archivers.tar.TarArchiveInputStream",
                        "org.apache.commons.compress.archivers.zip.ZipFile",
                        "javax.xml.parsers.DocumentBuilderFactory",
                        "javax.xml.parsers.SAXParserFactory",
                        "javax.xml.stream.XMLInputFactory"))
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.davy.strict..")
                    // looks for the names of our own migrations in our own jar
                    .and()
                    .doNotHaveFullyQualifiedName("dev.davy.storage.Migrations")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName(parser)
                    .because("its defaults accept bad input; module strict knows how to set it")
                    .check(classes);
    }

    @Test
    void nobodyDeserialisesJavaObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .because("a stream of Java objects can run code")
                .check(classes);
    }

    @Test
    void onlyStrictMakesAPathOfAText() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.davy.strict..")
                .should()
                .callMethod(Path.class, "resolve", String.class)
                .orShould()
                .callMethod(Path.class, "resolve", Path.class)
                .because("a name from outside must not lead out of its folder: SafePath.inside")
                .check(classes);
    }
}
